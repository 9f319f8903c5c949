import { existsSync, readdirSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { writeCpio } from "../formats/cpio.ts";
import type { ImagePlan } from "../protocol.ts";
import { byCodeUnit } from "../tree/walk.ts";

/** Folders of microcode below /usr/lib/firmware, and the name under which the kernel looks for all of it. */
const VENDORS = [
  { folder: "amd-ucode", name: "AuthenticAMD" },
  { folder: "intel-ucode", name: "GenuineIntel" },
];

/**
 * Writes the archive that a kernel reads microcode from before anything else (kernel: Documentation/arch/x86/microcode.rst),
 * uncompressed. False where the tree has no microcode for the image's processors; then nothing is written.
 */
export async function microcodeInitrd(context: Context, root: string, output: string): Promise<boolean> {
  const { image, epoch, work } = context;
  if (image.architecture !== "x86-64" && image.architecture !== "x86") return false;
  const files = microcodeFiles(root, image.microcodeFor);
  if (files.length === 0) return false;
  const folder = join(work, "microcode");
  const place = "kernel/x86/microcode";
  await mkdir(join(folder, place), { recursive: true, mode: 0o755 });
  for (const { name, paths } of files) {
    const parts = await Promise.all(paths.map((path) => readFile(join(root, path))));
    await writeFile(join(folder, place, `${name}.bin`), Buffer.concat(parts), { mode: 0o644 });
  }
  const names = files.map(({ name }) => `${place}/${name}.bin`);
  await writeCpio({ root: folder, paths: ["kernel", "kernel/x86", place, ...names], epoch, output });
  await rm(folder, { recursive: true });
  return true;
}

interface Microcode {
  name: string;
  /** Relative to the root, in order. */
  paths: string[];
}

/** Each vendor's microcode; with a processor only the one file that is meant for it. */
export function microcodeFiles(root: string, processor: ImagePlan["microcodeFor"]): Microcode[] {
  return VENDORS.flatMap(({ folder, name }) => {
    if (processor && processor.vendor !== name) return [];
    const path = `usr/lib/firmware/${folder}`;
    const installed = existsSync(join(root, path)) ? readdirSync(join(root, path)).sort(byCodeUnit) : [];
    const names = processor ? ownFile(installed, processor) : installed.filter(isMicrocode);
    return names.length > 0 ? [{ name, paths: names.map((each) => `${path}/${each}`) }] : [];
  });
}

/** AMD's files come with signatures, which the kernel would take for the end. */
function isMicrocode(name: string): boolean {
  return !/\.(asc|sig)$|^README/.test(name);
}

/** As both vendors name their files: by family, and on Intel by model and stepping. */
function ownFile(installed: readonly string[], processor: NonNullable<ImagePlan["microcodeFor"]>): string[] {
  const { vendor, family, model, stepping } = processor;
  const intel = [family, model, stepping].map((part) => part.toString(16).padStart(2, "0")).join("-");
  const amd = family > 21 ? `microcode_amd_fam${family.toString(16)}h.bin` : "microcode_amd.bin";
  const candidates = vendor === "AuthenticAMD" ? [amd] : [intel, `${intel}.initramfs`];
  return candidates.filter((name) => installed.includes(name)).slice(0, 1);
}
