import { afterAll, beforeAll, expect, test } from "vitest";
import { project, remove, succeed } from "../support/caisson.ts";
import { boot, prove, proving } from "../support/guest.ts";

const distribution = "[Distribution]\nDistribution=debian\nRelease=trixie\nArchitecture=x86-64\n";
const esp =
  "[Partition]\nType=esp\nFormat=vfat\nCopyFiles=/boot:/\nCopyFiles=/efi:/\nSizeMinBytes=128M\nSizeMaxBytes=128M\n";

/** What the firmware says of itself (UEFI specification, 3.3), how the root is mounted, and what the extension brings. */
const proof = `
efivar() { od -An -t u1 -j 4 "/sys/firmware/efi/efivars/$1-8be4df61-93ca-11d2-aa0d-00e098032b8c" | tr -d ' '; }
echo "secure boot $(efivar SecureBoot), setup mode $(efivar SetupMode)"
echo "lockdown $(cat /sys/kernel/security/lockdown)"
findmnt -n -o SOURCE,FSTYPE /
veritysetup status root | sed -n 's/^ *status: */verity /p'
systemd-sysext --image-policy=root=signed refresh > /dev/console 2>&1
systemd-sysext status --no-legend | grep ^/usr | tr -s ' '
cat /usr/share/greeting
`;

let folder: string;
beforeAll(async () => {
  folder = await project({
    "mkosi.conf": `${distribution}[Config]
Dependencies=greeting
[Output]
Format=disk
Output=secure
OutputDirectory=out
[Content]
Packages=systemd-sysv,systemd-cryptsetup,cryptsetup-bin,udev,linux-image-cloud-amd64,systemd-boot-efi
ExtraTrees=%O/greeting.raw:/var/lib/extensions/greeting.raw
Bootable=yes
KernelCommandLine=${proving}
[Validation]
SecureBoot=yes
Verity=signed
`,
    "mkosi.images/greeting/mkosi.conf": "[Output]\nFormat=sysext\nOutput=greeting\n",
    "mkosi.images/greeting/mkosi.extra/usr/share/greeting": "merged at run time\n",
    "mkosi.repart/00-esp.conf": esp,
    "mkosi.repart/10-root.conf":
      "[Partition]\nType=root\nFormat=erofs\nCopyFiles=/\nExcludeFilesTarget=/boot/\nExcludeFilesTarget=/efi/\nVerity=data\nVerityMatchKey=root\nMinimize=best\n",
    "mkosi.repart/11-verity.conf": "[Partition]\nType=root-verity\nVerity=hash\nVerityMatchKey=root\nMinimize=best\n",
    "mkosi.repart/12-signature.conf": "[Partition]\nType=root-verity-sig\nVerity=signature\nVerityMatchKey=root\n",
    ...prove(proof),
    "out/": "",
  });
  await succeed(folder, ["genkey"]);
  await succeed(folder, ["-f", "build"]);
});
afterAll(() => remove(folder));

test("firmware without keys takes ours, and then boots the signed disk with a verity root and an extension", async () => {
  const { console, proofs, end } = await boot(folder);
  expect(console, end).toContain("Custom Secure Boot keys successfully enrolled");
  expect(proofs, end).toEqual([
    "secure boot 1, setup mode 0",
    "lockdown none [integrity] confidentiality",
    expect.stringMatching(/^\/dev\/mapper\/root +erofs$/),
    "verity verified",
    expect.stringMatching(/^\/usr greeting /),
    "merged at run time",
  ]);
});

test("firmware that has our keys refuses a disk without a signature", async () => {
  await succeed(folder, ["--secure-boot=no", "-f", "build"]);
  const args = ["--secure-boot=no", "--firmware-variables=custom"];
  const { console } = await boot(folder, { args, until: /Access Denied|Security Violation/ });
  expect(console).not.toContain("Linux version");
});
