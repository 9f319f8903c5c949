import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { BuildError } from "../errors.ts";
import type { ImagePlan } from "../protocol.ts";
import { kernelImages } from "./images.ts";
import { microcodeInitrd } from "./microcode.ts";
import { requireStub } from "./uki.ts";
import { addonStubPath } from "./wants.ts";

/** What a unified kernel image around a tree is made of beside that tree. Files on the volume. */
export interface BootParts {
  /** As `uname -r` says it. */
  version: string;
  kernel: string;
  stub: string;
  /** One, or none. */
  microcode: string[];
}

const NAMES = {
  version: "version",
  kernel: "vmlinuz",
  stub: "stub",
  addon: "addon-stub",
  microcode: "microcode.initrd",
};

/**
 * Where the tree itself becomes an initrd, puts its kernel, stub and microcode aside: what is removed from the tree
 * afterwards, to keep the initrd small, may be these. Throws where they are not there and have to be.
 */
export async function keepBootParts(context: Context, root: string, folder: string): Promise<void> {
  const { image } = context;
  if (!["uki", "esp", "addon"].includes(image.format)) return;
  await mkdir(folder, { recursive: true });
  if (image.format === "addon") return copyFile(requireStub(image, root, "addon"), join(folder, NAMES.addon));
  const [kernel] = await kernelImages(root);
  if (!kernel) return requireKernel(image);
  await writeFile(join(folder, NAMES.version), kernel.version);
  await copyFile(join(root, kernel.path), join(folder, NAMES.kernel));
  await copyFile(requireStub(image, root, "kernel"), join(folder, NAMES.stub));
  if (existsSync(join(root, addonStubPath(image))))
    await copyFile(join(root, addonStubPath(image)), join(folder, NAMES.addon));
  await microcodeInitrd(context, root, join(folder, NAMES.microcode));
}

function requireKernel(image: ImagePlan): void {
  if (image.format === "esp" && image.bootable !== "enabled") return;
  throw new BuildError(
    "kernel-missing",
    `${image.name}: Format=${image.format} needs a kernel, and nothing matches /usr/lib/modules/*/vmlinuz`,
    { hint: `add a kernel to Packages=, such as linux-image-${image.packageArchitecture} on Debian` },
  );
}

/** What was put aside; undefined where there was no kernel. */
export async function keptBootParts(kept: string | undefined): Promise<BootParts | undefined> {
  if (kept === undefined || !existsSync(join(kept, NAMES.version))) return undefined;
  const path = (name: keyof typeof NAMES) => join(kept, NAMES[name]);
  const version = await readFile(path("version"), "utf8");
  const microcode = existsSync(path("microcode")) ? [path("microcode")] : [];
  return { version, kernel: path("kernel"), stub: path("stub"), microcode };
}

/** The stub of addons and profiles. Throws where the tree had none. */
export function keptAddonStub(image: ImagePlan, kept: string | undefined): string {
  const path = kept && join(kept, NAMES.addon);
  if (path !== undefined && existsSync(path)) return path;
  throw new BuildError(
    "stub-missing",
    `${image.name}: an addon needs its stub, and the image has no /${addonStubPath(image)}`,
    {
      hint: "add the package systemd-boot-efi to Packages=",
    },
  );
}
