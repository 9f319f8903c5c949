import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { project, remove, succeed } from "../support/caisson.ts";
import { boot, prove, proving } from "../support/guest.ts";

const PASSPHRASE = "nobody is to type this";

let folder: string;
beforeAll(async () => {
  folder = await project({
    "mkosi.conf": `[Distribution]
Distribution=debian
Release=trixie
Architecture=x86-64
[Output]
Format=disk
Output=encrypted
[Content]
Packages=systemd-sysv,systemd-cryptsetup,udev,linux-image-cloud-amd64,systemd-boot-efi
Bootable=yes
KernelCommandLine=${proving}
[Runtime]
Credentials=credentials
`,
    "mkosi.passphrase": PASSPHRASE,
    "credentials/cryptsetup.passphrase": PASSPHRASE,
    "mkosi.repart/00-esp.conf":
      "[Partition]\nType=esp\nFormat=vfat\nCopyFiles=/boot:/\nCopyFiles=/efi:/\nSizeMinBytes=128M\nSizeMaxBytes=128M\n",
    "mkosi.repart/10-root.conf":
      "[Partition]\nType=root\nFormat=ext4\nCopyFiles=/\nExcludeFilesTarget=/boot/\nExcludeFilesTarget=/efi/\nEncrypt=key-file\nMinimize=guess\n",
    ...prove("findmnt -n -o SOURCE,FSTYPE /", "cut -d- -f1,2 /sys/class/block/dm-0/dm/uuid"),
  });
  for (const name of ["mkosi.passphrase", "credentials/cryptsetup.passphrase"]) await chmod(join(folder, name), 0o600);
  await succeed(folder, ["-f", "build"]);
});
afterAll(() => remove(folder));

test("an encrypted root is opened with a credential", async () => {
  const { console, proofs, end } = await boot(folder);
  expect(proofs, end).toEqual([expect.stringMatching(/^\/dev\/mapper\/root +ext4$/), "CRYPT-LUKS2"]);
  expect(console).not.toContain(PASSPHRASE);
});
