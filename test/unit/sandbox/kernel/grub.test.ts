import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Context } from "../../../../sandbox/context.ts";
import { installBootLoaders } from "../../../../sandbox/kernel/boot-loader.ts";
import { rootWord } from "../../../../sandbox/kernel/command-line.ts";
import { fitsGrubBios } from "../../../../sandbox/kernel/grub-bios.ts";
import { grubConfiguration, linuxEntry, unifiedEntry } from "../../../../sandbox/kernel/grub-config.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "caisson-grub-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function file(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

function context(image: Partial<Context["image"]>): Context {
  const base = { name: "demo", packageArchitecture: "amd64", efiArchitecture: "x64", format: "disk" };
  const grub = { prefix: "grub", vendor: "debian", architecture: "x86_64" };
  const loaders = { bootable: "enabled", bootloader: "grub", biosBootloader: "none", shimBootloader: "none", grub };
  return { image: { ...base, ...loaders, ...image }, work: join(root, "work") } as unknown as Context;
}

test("the menu has an entry for each firmware that can start it, behind what the user has", () => {
  const kernel = { kernel: "/d/6.1/vmlinuz", commandLine: ["root=LABEL=a", "quiet"], initrds: ["/d/a", "/d/b"] };
  const entries = [
    unifiedEntry("d-6.1", "/EFI/Linux/d-6.1.efi"),
    linuxEntry({ title: "d-6.1", platforms: ["efi", "pc"], ...kernel }),
  ];
  const menu = [
    `if [ "\${grub_platform}" == "efi" ]; then`,
    'menuentry "d-6.1" {',
    "    chainloader /EFI/Linux/d-6.1.efi",
    "}",
    "fi",
    `if [ "\${grub_platform}" == "efi" -o "\${grub_platform}" == "pc" ]; then`,
    'menuentry "d-6.1" {',
    "    linux /d/6.1/vmlinuz root=LABEL=a quiet",
    "    initrd /d/a /d/b",
    "}",
    "fi",
    "",
  ].join("\n");
  expect(grubConfiguration(undefined, entries)).toBe(`set timeout=0\n${menu}`);
  expect(grubConfiguration("set timeout=5\n", entries)).toBe(`set timeout=5\n${menu}`);
});

test.each<[partitions: { type: string; uuid: string; roothash?: string }[], word: string | undefined]>([
  [[{ type: "esp", uuid: "e" }], undefined],
  [[{ type: "root-x86-64", uuid: "r" }], "root=PARTUUID=r"],
  [[{ type: "usr-x86-64", uuid: "u" }], "mount.usr=PARTUUID=u"],
  [[{ type: "root-x86-64", uuid: "r", roothash: "abc" }], "roothash=abc"],
])("the root of %j is named by %s", (partitions, word) => {
  expect(rootWord(partitions)).toBe(word);
});

test("signed programs of the distribution are taken as they are: shim, grub, MokManager", async () => {
  await file("usr/lib/modules/6.12/vmlinuz", "kernel");
  await file("usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed", "signed grub");
  await file("usr/lib/shim/shimx64.efi.signed", "signed shim");
  await file("usr/lib/shim/mmx64.efi.signed", "signed manager");
  await installBootLoaders(context({ bootloader: "grub-signed", shimBootloader: "signed" }), root);
  const read = (name: string) => readFile(join(root, "efi/EFI/BOOT", name), "utf8");
  expect(await read("BOOTX64.EFI")).toBe("signed shim");
  expect(await read("grubx64.EFI")).toBe("signed grub");
  expect(await read("mmx64.efi")).toBe("signed manager");
});

test.each<[image: Partial<Context["image"]>, hint: string]>([
  [{}, "add the package grub-efi-amd64-bin to Packages="],
  [{ bootloader: "grub-signed" }, "add the package grub-efi-amd64-signed to Packages="],
  [{ bootloader: "none", biosBootloader: "grub" }, "add the package grub-pc-bin to Packages="],
  [{ bootloader: "uki", shimBootloader: "signed" }, "add the package shim-signed to Packages="],
  [
    { bootloader: "systemd-boot-signed" },
    "add the package systemd-boot-efi-amd64-signed to Packages=, or set Bootloader=uki",
  ],
])("what is missing is named with its package: %j", async (image, hint) => {
  await file("usr/lib/modules/6.12/vmlinuz", "kernel");
  await expect(installBootLoaders(context(image), root)).rejects.toMatchObject({ hint });
});

test("behind a shim that enforces Secure Boot, grub takes the revocation level of a signed one", async () => {
  await file("usr/lib/modules/6.12/vmlinuz", "kernel");
  await file("usr/lib/grub/x86_64-efi/normal.mod", "module");
  const secureBootKey = { key: "pkcs11:", certificate: "pkcs11:" };
  const image = context({ shimBootloader: "signed", secureBootKey });
  await expect(installBootLoaders(image, root)).rejects.toMatchObject({
    message:
      "demo: Bootloader=grub with ShimBootloader= and SecureBoot=yes takes the SBAT section of a signed grub, and the image has none",
    hint: "add the package grub-efi-amd64-signed to Packages=",
  });
});

test("a BIOS needs partitions of its own", () => {
  const { image } = context({ biosBootloader: "grub" });
  const partitions = ["esp", "21686148-6449-6e6f-744e-656564454649", "root-x86-64"].map((type) => ({ type, uuid: "" }));
  expect(fitsGrubBios(image, partitions)).toBe(true);
  expect(() => fitsGrubBios(image, partitions.slice(0, 1))).toThrow(
    "demo: Bootable=yes with BiosBootloader=grub, and the partition definitions have no BIOS boot partition " +
      "(Type=21686148-6449-6e6f-744e-656564454649)",
  );
  expect(fitsGrubBios({ ...image, bootable: "auto" }, partitions.slice(1))).toBe(false);
});
