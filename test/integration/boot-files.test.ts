import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { project, remove, succeed } from "../support/caisson.ts";
import { withEngine } from "../support/engine.ts";
import { inTools } from "../support/in-tools.ts";

/** What all images have, so that they share their layers up to their own settings. */
const COMMON = [
  "[Content]",
  "Packages=grub-efi-amd64-signed",
  "        grub-pc-bin",
  "        kmod",
  "        linux-image-cloud-amd64",
  "        shim-signed",
  "        systemd-boot-efi",
  "        systemd-boot-efi-amd64-signed",
  "Initrds=",
  "ExtraTrees=%D/firmware:/usr/lib/firmware",
];

/** Trees that are initrds themselves, as small as they can be. */
const SMALL = [
  "KernelModules=virtio_blk",
  "FirmwareFiles=wanted.*",
  "RemoveFiles=/boot/*",
  "        /usr/lib/systemd/boot",
  "        /usr/lib/modules/*/vmlinuz*",
  "        /usr/bin/*",
  "        /usr/lib/x86_64-linux-gnu",
  "        /usr/lib/grub",
  "        /usr/share/*",
  "        /var/*",
];

let folder: string;
/** What the tools of the tools image say of the outputs, by the name of the part. */
let said: Record<string, string>;

beforeAll(async () => {
  folder = await project({
    "mkosi.conf": lines(
      "[Distribution]",
      "Distribution=debian",
      "Release=trixie",
      "[Config]",
      "Dependencies=cd,uki,esp,addon",
      "[Output]",
      "Output=grub",
      "OutputDirectory=.",
      "SplitArtifacts=",
      ...COMMON,
      "Bootable=yes",
      "Bootloader=grub-signed",
      "UnifiedKernelImages=unsigned",
      "BiosBootloader=grub",
      "ShimBootloader=signed",
      "KernelCommandLine=quiet",
    ),
    "mkosi.images/cd.conf": lines(
      "[Output]",
      "ElTorito=yes",
      "ElToritoVolume=CAISSON",
      ...COMMON,
      "Bootable=yes",
      "Bootloader=systemd-boot-signed",
      "UnifiedKernelImages=none",
      "KernelModulesInitrd=no",
      "Initrds=%D/own.initrd",
      "KernelCommandLine=quiet",
    ),
    "mkosi.images/uki.conf": lines(
      "[Output]",
      "Format=uki",
      "CompressOutput=gz",
      ...COMMON,
      ...SMALL,
      "RemovePackages=systemd-boot-efi",
      "KernelCommandLine=from.uki",
      "UnifiedKernelImageProfiles=%D/debug.conf",
    ),
    "mkosi.images/esp.conf": lines(
      "[Output]",
      "Format=esp",
      ...COMMON,
      ...SMALL,
      "UnifiedKernelImageFormat=own-&e",
      "KernelCommandLine=from.esp",
    ),
    "mkosi.images/addon.conf": lines(
      "[Output]",
      "Format=addon",
      "CompressOutput=no",
      "[Config]",
      "Dependencies=stub",
      "[Content]",
      "BaseTrees=%O/stub",
      "ExtraTrees=%D/own.initrd:/own",
      "RemoveFiles=/usr",
      "KernelCommandLine=from.addon",
    ),
    "mkosi.images/stub.conf": lines(
      "[Output]",
      "Format=directory",
      "[Content]",
      "Packages=systemd-boot-efi",
      "RemoveFiles=/[!u]*",
      "            /usr/[!l]*",
      "            /usr/lib/[!s]*",
    ),
    "debug.conf": lines("[UKIProfile]", "Profile=ID=debug", "        TITLE=Debug mode", "Cmdline=debug"),
    "own.initrd": "an initrd",
    "firmware/wanted.bin": "wanted",
    "firmware/other.bin": "other",
    "firmware/intel-ucode/06-8f-08": "microcode",
  });
  await succeed(folder, ["build"]);
  await writeFile(join(folder, "inspect.sh"), INSPECT);
  const output = await withEngine(async (engine) => inTools(engine, folder, "bash inspect.sh", { capable: true }));
  said = Object.fromEntries(output.split(/^## /m).map((part) => [part.split("\n")[0], part.replace(/^.*\n/, "")]));
});
afterAll(() => remove(folder));

/** Only programs that had no part in making what they read. */
const INSPECT = `
set -euo pipefail
export MTOOLS_SKIP_CHECK=1
esp=@@1048576
for disk in grub cd esp; do
  echo "## $disk partitions"; sfdisk --json $disk.raw
  echo "## $disk files"; mdir -/ -b -i $disk.raw$esp ::
done
echo "## grub menu"; mtype -i grub.raw$esp ::/grub/grub.cfg
echo "## grub redirection"; mtype -i grub.raw$esp ::/EFI/debian/grub.cfg
echo "## grub record"; head -c 512 grub.raw | od -An -v -tx1
echo "## cd entry"; mtype -i cd.raw$esp '::/loader/entries/*.conf'
mcopy -i esp.raw$esp ::/EFI/Linux/own-debian.efi /tmp/esp.efi
for name in uki addon; do echo "## $name sections"; ukify inspect $name.efi --json=short; echo; done
echo "## esp sections"; ukify inspect /tmp/esp.efi --json=short; echo
ukify inspect uki.efi --section=.initrd:binary@/tmp/initrd > /dev/null
echo "## uki initrd"; gzip -dc /tmp/initrd | cpio --list --quiet
echo "## uki index"; gzip -dc /tmp/initrd | cpio --extract --quiet --to-stdout '*/modules.dep'
ukify inspect uki.efi --section=.ucode:binary@/tmp/ucode > /dev/null
echo "## uki microcode"; cpio --list --quiet < /tmp/ucode
ukify inspect addon.efi --section=.initrd:binary@/tmp/one > /dev/null
echo "## addon initrd"; cpio --list --quiet < /tmp/one
`;

function lines(...all: string[]): string {
  return `${all.join("\n")}\n`;
}

function listed(part: string): string[] {
  return (said[part] ?? "").trim().split("\n");
}

interface Sections {
  [name: string]: { size: number; text?: string };
}
const sections = (name: string): Sections => JSON.parse(said[`${name} sections`] ?? "");

function partitionTypes(disk: string): string[] {
  const { partitiontable } = JSON.parse(said[`${disk} partitions`] ?? "");
  return partitiontable.partitions.map(({ type }: { type: string }) => type);
}

const ESP = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B";
const ROOT = "4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709";

describe("a disk with grub for UEFI and for a BIOS", () => {
  test("has a partition for grub's core image, and grub in its boot record", () => {
    expect(partitionTypes("grub")).toEqual([ESP, "21686148-6449-6E6F-744E-656564454649", ROOT]);
    const record = Buffer.from((said["grub record"] ?? "").replace(/\s/g, ""), "hex");
    expect(record.toString("latin1")).toContain("GRUB");
    // The core image's first sector: where the partition for it begins.
    const { partitiontable } = JSON.parse(said["grub partitions"] ?? "");
    expect(Number(record.readBigUInt64LE(0x5c))).toBe(partitiontable.partitions[1].start);
  });

  test("starts shim, which starts grub", () => {
    const names = ["BOOTX64.EFI", "grubx64.EFI", "mmx64.efi"].map((name) => `::/EFI/BOOT/${name}`);
    expect(listed("grub files")).toEqual(expect.arrayContaining(names));
    expect(said["grub redirection"]).toBe("configfile /grub/grub.cfg\n");
  });

  test("has a menu with the unified kernel image for the one, and with the kernel for the other", () => {
    const menu = said["grub menu"] ?? "";
    expect(menu).toMatch(/^set timeout=0\n/);
    expect(menu).toMatch(/chainloader \/EFI\/Linux\/debian-\S+-cloud-amd64\.efi\n/);
    expect(menu).toMatch(/linux \/debian\/\S+\/vmlinuz root=PARTUUID=[0-9a-f-]{36} quiet\n/);
    expect(menu).toMatch(/initrd \/debian\/microcode\.initrd \/debian\/\S+\/kernel-modules\.initrd\n/);
    for (const [, path] of menu.matchAll(/(?:chainloader|linux) (\S+)/g))
      expect(listed("grub files")).toContain(`::${path}`);
  });
});

describe("a disk for CD-ROM drives too", () => {
  test("is an ISO 9660 volume with a boot catalog that leads to the ESP", async () => {
    const { stdout } = await execa("isoinfo", ["-d", "-i", join(folder, "cd.raw")]);
    expect(stdout).toContain("CD-ROM is in ISO 9660 format");
    expect(stdout).toContain("Volume id: CAISSON");
    expect(stdout).toContain("boot catalog is in sector 19");
    expect(stdout).toMatch(/Bootid 88 \(bootable\)\s+Boot media 0 \(No Emulation Boot\)/);
    expect(stdout).toMatch(/Bootoff 200 512/);
  });

  test("is a disk as before", () => {
    expect(partitionTypes("cd")).toEqual([ESP, ROOT]);
    expect(listed("cd files")).toContain("::/EFI/systemd/systemd-bootx64.efi");
  });

  test("has its kernel beside the initrds, under their names", () => {
    const version = /^version (\S+)$/m.exec(said["cd entry"] ?? "")?.[1];
    expect(said["cd entry"]).toBe(
      lines(
        `title debian ${version}`,
        `version ${version}`,
        `linux /debian/${version}/vmlinuz`,
        "options quiet",
        "initrd /debian/microcode.initrd",
        "initrd /debian/own.initrd",
      ),
    );
    expect(listed("cd files")).toEqual(expect.arrayContaining(["::/debian/own.initrd", "::/debian/microcode.initrd"]));
  });
});

describe("a unified kernel image of a tree", () => {
  test("has the kernel and the stub that the tree lost, and nothing on its command line but its own", () => {
    const { ".linux": linux, ".cmdline": commandLine, ".uname": uname } = sections("uki");
    expect(linux?.size).toBeGreaterThan(5_000_000);
    // Of sections of one name it is the last that is shown: the profile's, which adds to the image's own.
    expect(commandLine?.text).toMatch(/^from\.uki debug\0?$/);
    expect(uname?.text).toMatch(/-cloud-amd64$/);
  });

  test("has the tree as its initrd, with the modules and the firmware that were selected", () => {
    const paths = listed("uki initrd");
    const modules = paths.filter((path) => path.endsWith(".ko.xz"));
    expect(
      modules.map((path) => path.replace(/.*\//, "")).filter((name) => name.startsWith("virtio_blk")),
    ).toHaveLength(1);
    expect(modules.length).toBeLessThan(10);
    const indexed = listed("uki index").map((line) => line.replace(/:.*/, ""));
    expect(modules.map((path) => path.replace(/^.*?\/kernel\//, "kernel/")).sort()).toEqual(indexed.sort());
    expect(paths).toContain("usr/lib/firmware/wanted.bin");
    expect(paths).not.toContain("usr/lib/firmware/other.bin");
    // Debian has links at the top, which lead nowhere now.
    expect(paths.filter((path) => /\/vmlinuz|\.efi\.stub$/.test(path))).toEqual([]);
  });

  test("has the microcode for the kernel to read first, and a second profile", () => {
    expect(listed("uki microcode")).toEqual([
      "kernel",
      "kernel/x86",
      "kernel/x86/microcode",
      "kernel/x86/microcode/GenuineIntel.bin",
    ]);
    expect(said["uki sections"]).toContain("ID=debug");
  });
});

test("an ESP has the boot loader, and the image under the name that was asked for", () => {
  expect(partitionTypes("esp")).toEqual([ESP]);
  expect(listed("esp files")).toEqual(
    expect.arrayContaining(["::/EFI/BOOT/BOOTX64.EFI", "::/EFI/Linux/own-debian.efi"]),
  );
  expect(sections("esp")[".cmdline"]?.text).toMatch(/^from\.esp\0?$/);
});

test("an addon has a command line, and what is in its tree, but no kernel", () => {
  expect(sections("addon")[".cmdline"]?.text).toMatch(/^from\.addon\0?$/);
  expect(sections("addon")[".linux"]).toBeUndefined();
  expect(listed("addon initrd")).toEqual(["own"]);
});
