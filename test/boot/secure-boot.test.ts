import { afterAll, beforeAll, expect, test } from "vitest";
import { project, remove, succeed } from "../support/caisson.ts";
import { boot, patience, prove } from "../support/guest.ts";

const distribution = "[Distribution]\nDistribution=debian\nRelease=trixie\nArchitecture=x86-64\n";
const esp =
  "[Partition]\nType=esp\nFormat=vfat\nCopyFiles=/boot:/\nCopyFiles=/efi:/\nSizeMinBytes=300M\nSizeMaxBytes=300M\n";

/** What the firmware says of itself (UEFI specification, 3.3), how the root is mounted, and what the extension brings. */
const proof = `
efivar() { od -An -t u1 -j 4 "/sys/firmware/efi/efivars/$1-8be4df61-93ca-11d2-aa0d-00e098032b8c" | tr -d ' '; }
echo "secure boot $(efivar SecureBoot), setup mode $(efivar SetupMode)"
echo "lockdown $(cat /sys/kernel/security/lockdown)"
findmnt -n -o SOURCE,FSTYPE /
veritysetup status root | sed -n 's/^ *status: */verity /p'
systemd-sysext status --no-legend /usr | tr -s ' '
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
Packages=apt,systemd,systemd-sysv,systemd-cryptsetup,cryptsetup-bin,udev,dbus,linux-image-cloud-amd64,systemd-boot-efi
ExtraTrees=%O/greeting.raw:/usr/lib/extensions/greeting.raw
Bootable=yes
${patience} systemd.image_policy_sysext=root=signed
[Validation]
SecureBoot=yes
Verity=signed
[Runtime]
Ephemeral=yes
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
  const guest = await boot(folder, []);
  expect(guest.console, guest.stderr).toContain("Custom Secure Boot keys successfully enrolled");
  expect(guest.proofs, guest.console.slice(-5000)).toEqual([
    "secure boot 1, setup mode 0",
    "lockdown none [integrity] confidentiality",
    "/dev/mapper/root erofs",
    "verity verified",
    expect.stringMatching(/^\/usr greeting /),
    "merged at run time",
  ]);
  expect(guest.exitCode).toBe(0);
});

test("firmware that has our keys refuses a disk without a signature", async () => {
  await succeed(folder, ["--secure-boot=no", "-f", "build"]);
  const guest = await boot(folder, ["--secure-boot=no", "--firmware-variables=custom"], 3);
  expect(guest.console).toMatch(/Access Denied|Security Violation/);
  expect(guest.console).not.toContain("Linux version");
});
