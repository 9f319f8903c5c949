import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Context } from "../../../../sandbox/context.ts";
import { installBootLoaders } from "../../../../sandbox/kernel/boot-loader.ts";
import { entryToken } from "../../../../sandbox/kernel/entry-name.ts";
import { withLinks } from "../../../../sandbox/kernel/firmware.ts";
import { fixupVmlinuz, kernelImages } from "../../../../sandbox/kernel/images.ts";
import { makeBootFiles } from "../../../../sandbox/kernel/install.ts";
import { placeBootFiles } from "../../../../sandbox/kernel/place.ts";
import { wantKernel, wantUki } from "../../../../sandbox/kernel/wants.ts";
import { readOsRelease } from "../../../../sandbox/tree/os-release.ts";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "caisson-kernel-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function file(path: string, content: string | Buffer = ""): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

/** Only what the code under test reads. */
function context(image: Partial<Context["image"]>): Context {
  const base = { name: "demo", packageArchitecture: "amd64", efiArchitecture: "x64", format: "disk", bootable: "auto" };
  const rest = { bootloader: "systemd-boot", unifiedKernelImages: "auto", kernelCommandLine: [], ukiProfiles: [] };
  const loaders = { biosBootloader: "none", shimBootloader: "none", grub: { prefix: "grub", vendor: "debian" } };
  return { image: { ...base, ...rest, ...loaders, devicetrees: [], ...image } } as unknown as Context;
}

/** The least that the PE format asks for. */
function pe(...sections: string[]): Buffer {
  const bytes = Buffer.alloc(512);
  bytes.write("MZ", 0);
  bytes.writeUInt32LE(64, 60);
  bytes.write("PE\0\0", 64);
  bytes.writeUInt16LE(sections.length, 70);
  for (const [index, name] of sections.entries()) bytes.write(name, 88 + 40 * index);
  return bytes;
}

test("kernels are listed newest first, without unified ones", async () => {
  await file("usr/lib/modules/6.9.1-amd64/vmlinuz", pe(".text"));
  await file("usr/lib/modules/6.12.1-amd64/vmlinuz-virt.efi", pe(".linux", ".sdmagic", ".osrel"));
  await file("usr/lib/modules/6.12.1-amd64/vmlinuz.img", pe(".linux"));
  await file("usr/lib/modules/6.10/vmlinux", "ELF");
  await file("usr/lib/modules/6.11/modules.dep");
  expect(await kernelImages(root)).toEqual([
    { version: "6.12.1-amd64", path: "usr/lib/modules/6.12.1-amd64/vmlinuz.img" },
    { version: "6.10", path: "usr/lib/modules/6.10/vmlinux" },
    { version: "6.9.1-amd64", path: "usr/lib/modules/6.9.1-amd64/vmlinuz" },
  ]);
});

test("a kernel in /boot is copied beside its modules, once", async () => {
  await file("usr/lib/modules/6.12.1+deb13-amd64/modules.dep");
  await file("usr/lib/modules/6.9/vmlinuz", "own");
  await file("boot/vmlinuz-6.12.1+deb13-amd64", "kernel");
  await file("boot/vmlinuz-6.9", "other");
  await file("boot/vmlinuz-7.0", "without modules");
  await symlink("vmlinuz-6.9", join(root, "boot/vmlinuz-latest"));
  await fixupVmlinuz(root);
  expect(await readFile(join(root, "usr/lib/modules/6.12.1+deb13-amd64/vmlinuz"), "utf8")).toBe("kernel");
  expect(await readFile(join(root, "usr/lib/modules/6.9/vmlinuz"), "utf8")).toBe("own");
  await expect(stat(join(root, "usr/lib/modules/7.0"))).rejects.toThrow("ENOENT");
});

test.each([
  [{}, false],
  [{ bootable: "enabled" as const }, true],
])("%j without a kernel: wanted %s", async (image, wanted) => {
  expect(await wantKernel(context(image), root)).toBe(wanted);
});

test("a kernel is wanted unless the image is an initrd or says no", async () => {
  await file("usr/lib/modules/6.12/vmlinuz");
  expect(await wantKernel(context({}), root)).toBe(true);
  expect(await wantKernel(context({ format: "cpio" }), root)).toBe(false);
  expect(await wantKernel(context({ bootable: "disabled" }), root)).toBe(false);
});

test.each([
  [{}, false],
  [{ unifiedKernelImages: "unsigned" as const }, true],
  [{ bootloader: "uki" as const, unifiedKernelImages: "none" as const }, true],
  [{ bootloader: "none" as const, unifiedKernelImages: "unsigned" as const }, false],
])("%j without a stub: unified %s", (image, unified) => {
  expect(wantUki(context(image).image, root)).toBe(unified);
});

test("systemd-boot is installed under both of its names, the signed one first", async () => {
  await file("usr/lib/modules/6.12/vmlinuz");
  await file("usr/lib/systemd/boot/efi/systemd-bootx64.efi", "plain");
  await file("usr/lib/systemd/boot/efi/systemd-bootx64.efi.signed", "signed");
  await file("efi/loader/loader.conf", "timeout 9\n");
  await installBootLoaders(context({}), root);
  expect(await readFile(join(root, "efi/EFI/BOOT/BOOTX64.EFI"), "utf8")).toBe("signed");
  expect(await readFile(join(root, "efi/EFI/systemd/systemd-bootx64.efi"), "utf8")).toBe("signed");
  expect(await readFile(join(root, "efi/loader/loader.conf"), "utf8")).toBe("timeout 9\n");
  await expect(stat(join(root, "efi/loader/random-seed"))).rejects.toThrow("ENOENT");
});

test("a systemd-boot that there is only with the distribution's signature stays as it is", async () => {
  await file("usr/lib/modules/6.12/vmlinuz");
  await file("usr/lib/systemd/boot/efi/systemd-bootx64.efi.signed", "signed");
  await installBootLoaders(context({ secureBootKey: { key: "pkcs11:", certificate: "pkcs11:" } }), root);
  expect(await readFile(join(root, "efi/EFI/BOOT/BOOTX64.EFI"), "utf8")).toBe("signed");
});

test("a missing boot loader is an error only where the image has to boot", async () => {
  await file("usr/lib/modules/6.12/vmlinuz");
  await installBootLoaders(context({}), root);
  await expect(stat(join(root, "efi"))).rejects.toThrow("ENOENT");
  await expect(installBootLoaders(context({ bootable: "enabled" }), root)).rejects.toMatchObject({
    code: "boot-loader-missing",
    message:
      "demo: Bootable=yes with Bootloader=systemd-boot, and the image has no /usr/lib/systemd/boot/efi/systemd-boot*.efi",
    hint: "add the package systemd-boot-efi to Packages=, or set Bootloader=uki",
  });
});

test("a missing kernel is an error that names the package", async () => {
  const job = { context: context({ bootable: "enabled" }), root, microcode: [], initrds: [], partitions: [] };
  await expect(makeBootFiles(job)).rejects.toMatchObject({
    code: "kernel-missing",
    message: "demo: Bootable=yes, and the image has no kernel: nothing matches /usr/lib/modules/*/vmlinuz",
    hint: "add a kernel to Packages=, such as linux-image-amd64 on Debian",
  });
});

test("a missing stub is an error that names the package", async () => {
  await file("usr/lib/modules/6.12/vmlinuz");
  await file("usr/lib/os-release", "ID=debian\n");
  const image = { bootloader: "uki" as const, kernelModulesInitrd: false };
  const work = join(root, "work");
  const job = {
    context: { ...context(image), work, emit: () => undefined },
    root,
    microcode: [],
    initrds: [],
    partitions: [],
  };
  await expect(makeBootFiles(job)).rejects.toMatchObject({
    code: "stub-missing",
    message:
      "demo: a unified kernel image needs systemd-stub, and the image has no /usr/lib/systemd/boot/efi/linuxx64.efi.stub",
    hint: "add the package systemd-boot-efi to Packages=",
  });
});

test("without unified images the kernel and its initrds lie beside an entry", async () => {
  await file("usr/lib/modules/6.12/vmlinuz", "kernel");
  await file("usr/lib/os-release", 'ID=debian\nIMAGE_ID="demo"\n');
  await file("initrd", "initrd");
  const image = {
    unifiedKernelImages: "none" as const,
    kernelModulesInitrd: false,
    kernelCommandLine: ["quiet", "rw"],
  };
  const job = {
    context: { ...context(image), work: join(root, "work") },
    root,
    initrds: [{ source: join(root, "initrd"), name: "initrd.cpio" }],
    microcode: [],
    partitions: [],
  };
  await placeBootFiles({ ...job.context, epoch: 1000 }, root, await makeBootFiles(job));
  expect(await readFile(join(root, "boot/loader/entries/demo-6.12.conf"), "utf8")).toBe(
    "title demo 6.12\nversion 6.12\nlinux /demo/6.12/vmlinuz\noptions quiet rw\ninitrd /demo/initrd.cpio\n",
  );
  expect(await readFile(join(root, "boot/demo/initrd.cpio"), "utf8")).toBe("initrd");
  for (const path of ["boot", "boot/demo", "boot/demo/6.12/vmlinuz"])
    expect((await stat(join(root, path))).mtimeMs).toBe(1_000_000);
});

test("boot entries are named after the token, the machine, the image, the distribution", async () => {
  expect(await entryToken(root)).toBe("linux");
  await file("usr/lib/os-release", "ID=debian\n");
  expect(await entryToken(root)).toBe("debian");
  await file("etc/machine-id", "uninitialized\n");
  expect(await entryToken(root)).toBe("debian");
  await file("etc/machine-id", "0123456789abcdef0123456789abcdef\n");
  expect(await entryToken(root)).toBe("0123456789abcdef0123456789abcdef");
  await file("etc/kernel/entry-token", "own\n");
  expect(await entryToken(root)).toBe("own");
});

test.each([
  ["ID=debian\n", "debian"],
  ['VERSION_ID=1\nID="a b"\n', "a b"],
  ["ID='x'", "x"],
  ["IMAGE_ID=y", undefined],
])("os-release %j", (text, value) => {
  expect(readOsRelease(text).ID).toBe(value);
});

test("links of firmware come along with what they lead to", async () => {
  await file("usr/lib/firmware/real/blob.bin");
  await symlink("real", join(root, "usr/lib/firmware/alias"));
  await symlink("../alias/blob.bin", join(root, "usr/lib/firmware/real/other.bin"));
  expect(withLinks(root, "usr/lib/firmware/real/other.bin")).toEqual([
    "usr/lib/firmware/real/other.bin",
    "usr/lib/firmware/alias",
    "usr/lib/firmware/real/blob.bin",
  ]);
});
