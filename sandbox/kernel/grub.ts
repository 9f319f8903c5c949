import { existsSync } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Context } from "../context.ts";
import { BuildError } from "../errors.ts";
import type { ImagePlan } from "../protocol.ts";
import { matchingPaths } from "../tree/glob.ts";
import { installEfiBinary, isOwnFile } from "./efi-binary.ts";
import { type GrubImage, grubModules, makeGrub } from "./grub-image.ts";
import { readSection } from "./pe.ts";
import { efiArchitecture, isSigned, loaderBinary, wantEfi } from "./wants.ts";

/** Whether grub is what UEFI firmware starts. Throws where it has to be, and is not installed. */
export function wantGrubEfi(image: ImagePlan, root: string): boolean {
  if (!["grub", "grub-signed"].includes(image.bootloader) || !wantEfi(image)) return false;
  if (image.grub.architecture === undefined) return false;
  if (isSigned(image.bootloader) || grubModules(root, `${image.grub.architecture}-efi`) !== undefined) return true;
  if (image.bootable !== "enabled") return false;
  throw missing(image, "Bootloader=grub", `grub-efi-${image.packageArchitecture}-bin`);
}

/** Whether grub is to boot the image from a BIOS. Throws where it has to, and is not installed. */
export function wantGrubBios(image: ImagePlan, root: string): boolean {
  if (image.bootable === "disabled" || image.format !== "disk" || image.biosBootloader !== "grub") return false;
  if (grubModules(root, "i386-pc") !== undefined) return true;
  if (image.bootable !== "enabled") return false;
  throw missing(image, "BiosBootloader=grub", "grub-pc-bin");
}

function missing(image: ImagePlan, setting: string, wanted: string): BuildError {
  return new BuildError(
    "boot-loader-missing",
    `${image.name}: Bootable=yes with ${setting}, and the image has no grub`,
    {
      hint: `add the package ${wanted} to Packages=`,
    },
  );
}

/** Puts grub for UEFI and its font onto the ESP; its configuration is written with the kernels. */
export async function installGrub(context: Context, root: string): Promise<void> {
  const { image } = context;
  const efi = wantGrubEfi(image, root);
  if (!efi && !wantGrubBios(image, root)) return;
  if (efi && !(await installEfi(context, root))) return;
  const fonts = join(root, "efi", image.grub.prefix, "fonts");
  await mkdir(fonts, { recursive: true, mode: 0o700 });
  for (const name of ["grub", "grub2"]) {
    const font = join(root, "usr/share", name, "unicode.pf2");
    if (existsSync(font)) await copyFile(font, join(fonts, "unicode.pf2"));
  }
}

/** False where there is no grub, and need be none. */
async function installEfi(context: Context, root: string): Promise<boolean> {
  const { image, work } = context;
  const target = join(root, loaderBinary(image));
  if (!isSigned(image.bootloader)) {
    const source = join(work, "grub", basename(target));
    const platform = `${image.grub.architecture}-efi`;
    const sbat = await revocationLevel(context, root, join(work, "grub", "sbat.csv"));
    await makeGrub(context, root, { platform, modules: ["chain"], output: source, ...sbat });
    await installEfiBinary(context, { source, target, signedBy: "build" });
    return true;
  }
  const signed = signedGrub(image, root);
  if (signed) await installEfiBinary(context, { source: join(root, signed), target, signedBy: "distribution" });
  else if (image.bootable === "enabled")
    throw new BuildError(
      "boot-loader-missing",
      `${image.name}: Bootable=yes with Bootloader=grub-signed, and the image has no signed grub`,
      { hint: `add the package grub-efi-${image.packageArchitecture}-signed to Packages=` },
    );
  return signed !== undefined;
}

/** A grub that the distribution signed, relative to the root. */
export function signedGrub(image: ImagePlan, root: string): string | undefined {
  const architecture = efiArchitecture(image);
  const places = [
    `usr/lib/grub/*-signed/grub${architecture}.efi.signed`,
    `boot/efi/EFI/*/grub${architecture}.efi`,
    "usr/share/efi/*/grub.efi",
  ];
  return places.flatMap((place) => matchingPaths(root, place)).find((path) => isOwnFile(root, path));
}

/**
 * Under Secure Boot shim starts only what says by which versions it may be revoked (shim: SBAT.md). The distribution's
 * signed grub says it of the same sources; it is written to a file. Throws where there is no such grub.
 */
async function revocationLevel({ image }: Context, root: string, file: string): Promise<Pick<GrubImage, "sbat">> {
  if (image.secureBootKey === undefined || image.shimBootloader === "none") return {};
  const signed = signedGrub(image, root);
  const section = signed && (await readSection(join(root, signed), ".sbat"));
  if (!section)
    throw new BuildError(
      "boot-loader-missing",
      `${image.name}: Bootloader=grub with ShimBootloader= and SecureBoot=yes takes the SBAT section of a signed grub, and the image has none`,
      { hint: `add the package grub-efi-${image.packageArchitecture}-signed to Packages=` },
    );
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, section);
  return { sbat: file };
}
