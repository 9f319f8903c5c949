/** What an image's settings, and what its tree has, make of its way to boot; in mkosi's words want_kernel and so on. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { BuildError } from "../errors.ts";
import type { ImagePlan } from "../protocol.ts";
import { kernelImages } from "./images.ts";

/** Formats that hold their kernel in themselves, which Bootable= is not asked for. */
const OWN_KERNEL: readonly string[] = ["uki", "esp", "addon"];
/** Formats that nothing boots unless Bootable=yes says so. */
const PARTS_OF_SYSTEMS: readonly string[] = ["cpio", "sysext", "confext", "portable", "addon"];
const NO_EFI: readonly string[] = [...PARTS_OF_SYSTEMS, "none", "oci", "uki"];

/** Whether the tree's kernels are made bootable: Bootable= allows it, and there is one, or there has to be. */
export async function wantKernel(context: Context, root: string): Promise<boolean> {
  const { bootable, format } = context.image;
  if (OWN_KERNEL.includes(format) || bootable === "disabled") return false;
  if (bootable === "enabled") return true;
  return !PARTS_OF_SYSTEMS.includes(format) && (await kernelImages(root)).length > 0;
}

/** Whether UEFI firmware is to find something to boot. */
export function wantEfi(image: ImagePlan): boolean {
  if (image.format === "esp") return true;
  if (image.bootable === "disabled" || image.bootloader === "none") return false;
  if (image.bootable === "auto") return !NO_EFI.includes(image.format) && image.efiArchitecture !== undefined;
  return efiArchitecture(image) !== "";
}

/** Whether a boot loader that boots kernels is installed: there is one, or there has to be. */
export async function wantLoader(image: ImagePlan, root: string): Promise<boolean> {
  if (!wantEfi(image)) return false;
  return image.bootable === "enabled" || (await kernelImages(root)).length > 0;
}

/** Whether kernels become unified kernel images, rather than files beside a boot loader entry. */
export function wantUki(image: ImagePlan, root: string): boolean {
  if (!wantEfi(image)) return false;
  if (isUkiLoader(image) || ["unsigned", "signed"].includes(image.unifiedKernelImages)) return true;
  return image.unifiedKernelImages === "auto" && existsSync(join(root, stubPath(image)));
}

/** Whether unified kernel images are taken as the distribution made them. */
export function wantPrebuiltUki({ bootloader, unifiedKernelImages }: ImagePlan): boolean {
  return unifiedKernelImages === "signed" || (unifiedKernelImages === "auto" && isSigned(bootloader));
}

export function isSigned(bootloader: ImagePlan["bootloader"]): boolean {
  return bootloader.endsWith("-signed");
}

/** The one unified kernel image is what firmware starts. */
export function isUkiLoader({ bootloader }: Pick<ImagePlan, "bootloader">): boolean {
  return bootloader === "uki" || bootloader === "uki-signed";
}

/** What firmware starts from a disk without boot entries of its own, relative to the root (UEFI specification, 3.5.1.1). */
export function efiBootBinary(image: ImagePlan): string {
  return `efi/EFI/BOOT/BOOT${efiArchitecture(image).toUpperCase()}.EFI`;
}

/** What shim starts. */
export function shimSecondStage(image: ImagePlan): string {
  return `efi/EFI/BOOT/grub${efiArchitecture(image)}.EFI`;
}

/** What the boot loader has to be for firmware, or for the shim before it, to start it. */
export function loaderBinary(image: ImagePlan): string {
  return image.shimBootloader === "none" ? efiBootBinary(image) : shimSecondStage(image);
}

/** systemd-stub's path, relative to the root. */
export function stubPath(image: ImagePlan): string {
  return `usr/lib/systemd/boot/efi/linux${efiArchitecture(image)}.efi.stub`;
}

/** The path of the stub of addons and profiles, relative to the root. */
export function addonStubPath(image: ImagePlan): string {
  return `usr/lib/systemd/boot/efi/addon${efiArchitecture(image)}.efi.stub`;
}

/** As UEFI calls the image's architecture: `x64`. */
export function efiArchitecture(image: ImagePlan): string {
  if (image.efiArchitecture) return image.efiArchitecture;
  throw new BuildError("no-uefi", `${image.name}: the architecture ${image.architecture} has no UEFI`, {
    hint: "set Bootable=no",
  });
}
