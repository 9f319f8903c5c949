import { existsSync, readdirSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { BuildError } from "../errors.ts";
import type { ImagePlan } from "../protocol.ts";
import { signEfi } from "../signing/efi.ts";
import { autoEnroll } from "../signing/enroll.ts";
import { byCodeUnit } from "../tree/walk.ts";
import { installEfiBinary } from "./efi-binary.ts";
import { installGrub } from "./grub.ts";
import { installShim } from "./shim.ts";
import { efiArchitecture, isSigned, shimSecondStage, wantLoader } from "./wants.ts";

/** Where systemd-boot lies in a tree that has it. */
const BINARIES = "usr/lib/systemd/boot/efi";

/** Installs into the tree's /efi what the image asks for: systemd-boot or grub, and shim before it. */
export async function installBootLoaders(context: Context, root: string): Promise<void> {
  await installSystemdBoot(context, root);
  await installGrub(context, root);
  await installShim(context, root);
}

/**
 * The files that bootctl(1) installs, but no random seed, which would make every image differ, and would be the same for
 * each machine that an image is put on.
 */
async function installSystemdBoot(context: Context, root: string): Promise<void> {
  const { image } = context;
  if (!["systemd-boot", "systemd-boot-signed"].includes(image.bootloader) || !(await wantLoader(image, root))) return;
  const found = bootBinaries(root, isSigned(image.bootloader));
  if (found.length === 0) return requireNone(image);
  const binaries = await Promise.all(found.map((binary) => signed(context, root, binary)));
  for (const { architecture, path, signedBy } of binaries) {
    const names = [`systemd/systemd-boot${architecture}.efi`, `BOOT/BOOT${architecture.toUpperCase()}.EFI`];
    for (const name of names)
      await installEfiBinary(context, { source: join(root, path), target: join(root, "efi/EFI", name), signedBy });
    if (image.shimBootloader === "none" || architecture !== efiArchitecture(image)) continue;
    await installEfiBinary(context, { source: join(root, path), target: join(root, shimSecondStage(image)), signedBy });
  }
  for (const folder of ["efi/loader/keys", "boot/loader/entries", "boot/EFI/Linux"])
    await mkdir(join(root, folder), { recursive: true });
  await writeNew(join(root, "efi/loader/loader.conf"), "#timeout 3\n#console-mode keep\n");
  await writeNew(join(root, "boot/loader/entries.srel"), "type1\n");
  await autoEnroll(context, root);
}

/**
 * As mkosi does: the signed binary stays beside the other one in the tree, where bootctl(1) looks for it at run time. One
 * that there is only with the distribution's signature stays as it is.
 */
async function signed(context: Context, root: string, binary: BootBinary): Promise<BootBinary> {
  const { image } = context;
  const source = join(BINARIES, `systemd-boot${binary.architecture}.efi`);
  const isLeft = isSigned(image.bootloader) || !existsSync(join(root, source));
  if (image.secureBootKey === undefined || isLeft) return binary;
  const path = `${source}.signed`;
  await signEfi(context, join(root, source), join(root, path));
  return { ...binary, path, signedBy: "distribution" };
}

function requireNone(image: ImagePlan): void {
  if (image.bootable !== "enabled") return;
  const signed = isSigned(image.bootloader);
  const wanted = `/${BINARIES}/systemd-boot*.efi${signed ? ".signed" : ""}`;
  const wantedPackage = signed ? `systemd-boot-efi-${image.packageArchitecture}-signed` : "systemd-boot-efi";
  throw new BuildError(
    "boot-loader-missing",
    `${image.name}: Bootable=yes with Bootloader=${image.bootloader}, and the image has no ${wanted}`,
    { hint: `add the package ${wantedPackage} to Packages=, or set Bootloader=uki` },
  );
}

interface BootBinary {
  architecture: string;
  path: string;
  signedBy: "distribution" | "build";
}

/** One per architecture; a signed one goes first, as with bootctl. */
function bootBinaries(root: string, signedOnly: boolean): BootBinary[] {
  const folder = join(root, BINARIES);
  const names = existsSync(folder) ? readdirSync(folder).sort(byCodeUnit) : [];
  const found = names
    .map((name) => /^systemd-boot(\w+)\.efi(\.signed)?$/.exec(name)?.[1])
    .filter((name) => name !== undefined);
  return [...new Set(found)].flatMap((architecture): BootBinary[] => {
    const name = `systemd-boot${architecture}.efi`;
    if (names.includes(`${name}.signed`))
      return [{ architecture, path: join(BINARIES, `${name}.signed`), signedBy: "distribution" }];
    return signedOnly ? [] : [{ architecture, path: join(BINARIES, name), signedBy: "build" }];
  });
}

/** The user's own file stays. */
async function writeNew(file: string, text: string): Promise<void> {
  if (!existsSync(file)) await writeFile(file, text);
}
