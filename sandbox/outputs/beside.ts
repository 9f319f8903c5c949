/** What is made from an output, and delivered beside it. */
import { lstatSync, readdirSync } from "node:fs";
import { chmod, copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { BESIDE_SUFFIXES, type ImagePlan, SOURCES_PATH } from "../protocol.ts";
import { writeChecksums } from "./checksums.ts";
import { writeManifests } from "./manifest.ts";
import { writeSignature } from "./signature.ts";

export function besidePath(image: ImagePlan, staging: string, kind: keyof typeof BESIDE_SUFFIXES): string {
  return join(staging, `${image.output}.${BESIDE_SUFFIXES[kind]}`);
}

/** Completes a staging folder that has the output and its parts. `stack` is the tree's. The checksums are those of all else. */
export async function writeBeside(context: Context, stack: string[], staging: string): Promise<void> {
  const { nspawnSettings } = context.image;
  const settings = besidePath(context.image, staging, "nspawnSettings");
  if (nspawnSettings) {
    await copyFile(join(SOURCES_PATH, nspawnSettings.source), settings);
    await chmod(settings, 0o644);
  }
  await writeManifests(context, stack, staging);
  const list = await writeChecksums(context, staging);
  if (list !== undefined) await writeSignature(context, list);
}

/** Without OutputMode= each file keeps the mode that it was written with: 644, or what scripts gave it. */
export async function setModes({ image }: Context, staging: string): Promise<void> {
  if (image.outputMode === undefined) return;
  const paths = readdirSync(staging).map((name) => join(staging, name));
  for (const path of paths) if (lstatSync(path).isFile()) await chmod(path, image.outputMode);
}
