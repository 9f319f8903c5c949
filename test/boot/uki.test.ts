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
      "[Output]",
      "Format=uki",
      "[Content]",
      "KernelCommandLine=console=ttyS0 from.uki",
      "Packages=linux-image-cloud-amd64",
      "        systemd-boot-efi",
      "        systemd-sysv",
      "        udev",
      // Of no use once the kernel has unpacked all of it into memory.
      "KernelModules=virtio_net",
      "RemoveFiles=/boot/*",
      "        /usr/lib/modules/*/vmlinuz*",
      "        /usr/lib/systemd/boot/efi",
      "        /usr/share/doc",
      "        /usr/share/locale",
      "        /var/lib/apt",
      "        /var/cache/apt",
      "",
    ].join("\n"),
    ...proofFiles,
  });
  await succeed(folder, ["build"]);
});
afterAll(() => remove(folder));

test("firmware starts the file, and its tree is the system that boots", async () => {
  const { exitCode, proof, said } = await bootProof(folder, []);
  expect(proof, said).toMatch(/^UEFI, root (rootfs|tmpfs), console=ttyS0 from\.uki /);
  expect(exitCode).toBe(0);
});

test("an ESP with it boots as a disk", async () => {
  await succeed(folder, ["--format=esp", "build"]);
  const { exitCode, proof, said } = await bootProof(folder, ["--format=esp"]);
  expect(proof, said).toMatch(/^UEFI, root (rootfs|tmpfs), console=ttyS0 from\.uki /);
  expect(exitCode).toBe(0);
});
