import { afterAll, beforeAll, expect, test } from "vitest";
import { project, remove, succeed } from "../support/caisson.ts";
import { boot, prove, proving } from "../support/guest.ts";

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
      `KernelCommandLine=rw ${proving}`,
      "Packages=grub-efi-amd64-bin",
      "        grub-pc-bin",
      "        linux-image-cloud-amd64",
      "        systemd-boot-efi",
      "        systemd-sysv",
      "        udev",
      "",
    ].join("\n"),
    ...prove(
      "if [ -d /sys/firmware/efi ]; then echo UEFI; else echo BIOS; fi",
      "findmnt -n -o FSTYPE /",
      "cat /proc/cmdline",
    ),
  });
  await succeed(folder, ["build"]);
});
afterAll(() => remove(folder));

test("grub boots the disk from UEFI, through a unified kernel image", async () => {
  const { proofs, end } = await boot(folder);
  expect(proofs, end).toEqual(["UEFI", "ext4", expect.stringMatching(/^rw systemd/)]);
});

test("grub boots the same disk from a BIOS, by the id of its root", async () => {
  // Nested KVM may neither run the code of a BIOS nor stop at it.
  const { proofs, end } = await boot(folder, { args: ["--bootloader=none", "--kvm=no"] });
  const words = /^BOOT_IMAGE=\S+vmlinuz root=PARTUUID=[0-9a-f-]{36} rw systemd/;
  expect(proofs, end).toEqual(["BIOS", "ext4", expect.stringMatching(words)]);
});
