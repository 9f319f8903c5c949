import { afterAll, beforeAll, expect, test } from "vitest";
import { project, remove, succeed } from "../support/caisson.ts";
import { bootProof, proofFiles } from "../support/proof.ts";

let folder: string;
beforeAll(async () => {
  folder = await project({
    "mkosi.conf": [
      "[Distribution]",
      "Distribution=debian",
      "Release=trixie",
      "[Content]",
      "Bootable=yes",
      "Bootloader=grub",
      "BiosBootloader=grub",
      "KernelCommandLine=console=ttyS0 rw",
      "Packages=grub-efi-amd64-bin",
      "        grub-pc-bin",
      "        linux-image-cloud-amd64",
      "        systemd-boot-efi",
      "        systemd-sysv",
      "        udev",
      "",
    ].join("\n"),
    ...proofFiles,
  });
  await succeed(folder, ["build"]);
});
afterAll(() => remove(folder));

test("grub boots the disk from UEFI, through a unified kernel image", async () => {
  const { exitCode, proof, said } = await bootProof(folder, []);
  expect(proof, said).toMatch(/^UEFI, root ext4, console=ttyS0 rw /);
  expect(exitCode).toBe(0);
});

test("grub boots the same disk from a BIOS, by the id of its root", async () => {
  const { exitCode, proof, said } = await bootProof(folder, ["--bootloader=none"]);
  expect(proof, said).toMatch(/^BIOS, root ext4, BOOT_IMAGE=\S+vmlinuz root=PARTUUID=[0-9a-f-]{36} console=ttyS0 rw$/);
  expect(exitCode).toBe(0);
});
