import { existsSync, readdirSync } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Context } from "../context.ts";
import { BuildError } from "../errors.ts";
import type { ImagePlan } from "../protocol.ts";
import { signEfi } from "../signing/efi.ts";
import { autoEnroll } from "../signing/enroll.ts";
import { byCodeUnit } from "../tree/walk.ts";
import { kernelImages } from "./images.ts";
import { efiArchitecture, stubPath } from "./uki.ts";

/** Where systemd-boot lies in a tree that has it. */
const BINARIES = "usr/lib/systemd/boot/efi";

/** Whether the tree's kernels are made bootable: Bootable= allows it, and there is one, or there has to be. */
export async function wantKernel(context: Context, root: string): Promise<boolean> {
  const { bootable, format } = context.image;
  if (bootable === "enabled") return true;
  if (bootable === "disabled" || format === "cpio") return false;
  return (await kernelImages(root)).length > 0;
}

/** Whether UEFI firmware is to find something to boot. */
export function wantEfi(image: ImagePlan): boolean {
  if (image.bootable === "disabled" || image.bootloader === "none") return false;
  if (image.bootable === "auto") return image.format !== "cpio" && image.efiArchitecture !== undefined;
  return efiArchitecture(image) !== "";
}

/** Whether kernels become unified kernel images, rather than files beside a boot loader entry. */
export function wantUki(image: ImagePlan, root: string): boolean {
  if (!wantEfi(image)) return false;
  if (image.bootloader === "uki" || image.unifiedKernelImages === "unsigned") return true;
  return image.unifiedKernelImages === "auto" && existsSync(join(root, stubPath(image)));
}

/** What firmware starts from a disk without boot entries of its own, relative to the root (UEFI specification, 3.5.1.1). */
export function efiBootBinary(image: ImagePlan): string {
  return `efi/EFI/BOOT/BOOT${efiArchitecture(image).toUpperCase()}.EFI`;
}

/**
 * Installs systemd-boot into the tree's /efi where the image asks for it: the files that bootctl(1) installs, but no
 * random seed, which would make every image differ, and would be the same for each machine that an image is put on.
 */
export async function installBootLoader(context: Context, root: string): Promise<void> {
  const { image } = context;
  if (!wantEfi(image) || image.bootloader !== "systemd-boot" || !(await wantKernel(context, root))) return;
  const binaries = bootBinaries(root);
  if (binaries.length === 0) return requireNone(image);
  for (const binary of binaries) await signBinary(context, root, binary);
  for (const { architecture, path } of binaries) {
    await install(join(root, path), join(root, `efi/EFI/systemd/systemd-boot${architecture}.efi`));
    await install(join(root, path), join(root, `efi/EFI/BOOT/BOOT${architecture.toUpperCase()}.EFI`));
  }
  for (const folder of ["efi/loader/keys", "boot/loader/entries", "boot/EFI/Linux"])
    await mkdir(join(root, folder), { recursive: true });
  await writeNew(join(root, "efi/loader/loader.conf"), "#timeout 3\n#console-mode keep\n");
  await writeNew(join(root, "boot/loader/entries.srel"), "type1\n");
  await autoEnroll(context, root);
}

/** As mkosi does: the signed binary stays beside the other one in the tree, where bootctl(1) looks for it at run time. */
async function signBinary(context: Context, root: string, binary: BootBinary): Promise<void> {
  if (context.image.secureBootKey === undefined) return;
  const signed = join(BINARIES, `systemd-boot${binary.architecture}.efi.signed`);
  await signEfi(context, join(root, BINARIES, `systemd-boot${binary.architecture}.efi`), join(root, signed));
  binary.path = signed;
}

function requireNone(image: ImagePlan): void {
  if (image.bootable !== "enabled") return;
  throw new BuildError(
    "boot-loader-missing",
    `${image.name}: Bootable=yes with Bootloader=systemd-boot, and the image has no /${BINARIES}/systemd-boot*.efi`,
    { hint: "add the package systemd-boot-efi to Packages=, or set Bootloader=uki" },
  );
}

interface BootBinary {
  architecture: string;
  path: string;
}

/** One per architecture; a signed one goes first, as with bootctl. */
function bootBinaries(root: string): BootBinary[] {
  const folder = join(root, BINARIES);
  const names = existsSync(folder) ? readdirSync(folder).sort(byCodeUnit) : [];
  const found = names
    .map((name) => /^systemd-boot(\w+)\.efi(\.signed)?$/.exec(name)?.[1])
    .filter((name) => name !== undefined);
  return [...new Set(found)].map((architecture) => {
    const name = `systemd-boot${architecture}.efi`;
    return { architecture, path: join(BINARIES, names.includes(`${name}.signed`) ? `${name}.signed` : name) };
  });
}

async function install(source: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  await copyFile(source, target);
}

/** The user's own file stays. */
async function writeNew(file: string, text: string): Promise<void> {
  if (!existsSync(file)) await writeFile(file, text);
}
