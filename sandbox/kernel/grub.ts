import { existsSync, readdirSync } from "node:fs";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Context } from "../context.ts";
import { BuildError } from "../errors.ts";
import { step } from "../events.ts";
import type { ImagePlan } from "../protocol.ts";
import { BUILDROOT } from "../run.ts";
import { matchingPaths } from "../tree/glob.ts";
import { installEfiBinary } from "./efi-binary.ts";
import { efiArchitecture, isSigned, loaderBinary, wantEfi } from "./wants.ts";

/** The folder of grub's modules for one platform, relative to the root; undefined where the tree has none. */
export function grubModules(root: string, platform: string): string | undefined {
  const folders = ["usr/lib/grub", "usr/share/grub2"].map((folder) => `${folder}/${platform}`);
  return folders.find((folder) => existsSync(join(root, folder)) && readdirSync(join(root, folder)).length > 0);
}

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
    await makeGrub(context, root, { platform, modules: ["chain"], output: source });
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
  return places.flatMap((place) => matchingPaths(root, place)).find((path) => existsSync(join(root, path)));
}

/** What grub needs to find its configuration on the ESP and to do what that says. */
const MODULES = ["cat", "cmp", "div", "echo", "fat", "hello", "help", "linux", "loadenv", "ls", "normal", "part_gpt"];
MODULES.push("read", "reboot", "search_fs_file", "search", "sleep", "test", "tr", "true");

interface GrubImage {
  /** `x86_64-efi`, `i386-pc`. */
  platform: string;
  /** Beyond those that every platform has. */
  modules: readonly string[];
  /** The file to make, in a folder that it may have for itself. */
  output: string;
}

/** Makes grub of the tree's modules (grub-mkimage(1)). */
export async function makeGrub(
  context: Context,
  root: string,
  { platform, modules, output }: GrubImage,
): Promise<void> {
  const { image } = context;
  const { prefix } = image.grub;
  const folder = dirname(output);
  await mkdir(folder, { recursive: true });
  const early = [`search --no-floppy --set=root --file /${prefix}/grub.cfg`, `set prefix=($root)/${prefix}`, ""];
  await writeFile(join(folder, "early.cfg"), early.join("\n"));
  const words = ["grub-mkimage", "--directory", `${BUILDROOT}/${grubModules(root, platform)}`, "--format", platform];
  words.push("--prefix", `/${prefix}`, "--config", "/run/caisson/grub/early.cfg");
  words.push("--output", `/run/caisson/grub/${basename(output)}`);
  // Without a shim before it nobody else can vouch for what grub loads.
  if (image.shimBootloader === "none" && platform.endsWith("-efi")) words.push("--disable-shim-lock");
  const x86 = image.architecture === "x86-64" || image.architecture === "x86" ? ["keylayouts"] : [];
  await step(context.emit, image.name, `Make grub for ${platform}`, () =>
    context.run([...words, ...MODULES, ...x86, ...modules], {
      root,
      rootReadOnly: true,
      binds: [{ source: folder, target: "/run/caisson/grub" }],
    }),
  );
}
