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
      "[Output]",
      "Format=uki",
      "[Content]",
      `KernelCommandLine=from.uki ${proving}`,
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
    ...prove("findmnt -n -o FSTYPE /", "cat /proc/cmdline"),
  });
  await succeed(folder, ["build"]);
});
afterAll(() => remove(folder));

const proven = [expect.stringMatching(/^(rootfs|tmpfs)$/), expect.stringMatching(/^from\.uki /)];

test("firmware starts the file, and its tree is the system that boots", async () => {
  const { proofs, end } = await boot(folder);
  expect(proofs, end).toEqual(proven);
});

test("an ESP with it boots as a disk", async () => {
  await succeed(folder, ["--format=esp", "build"]);
  const { proofs, end } = await boot(folder, { args: ["--format=esp"] });
  expect(proofs, end).toEqual(proven);
});
