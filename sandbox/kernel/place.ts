import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Context } from "../context.ts";
import { walk } from "../tree/walk.ts";
import type { BootFile } from "./boot-job.ts";
import { installEfiBinary } from "./efi-binary.ts";

/** Copies the files into the tree, and gives everything in /boot and /efi a time of the build's. */
export async function placeBootFiles(context: Context, root: string, files: readonly BootFile[]): Promise<void> {
  for (const { source, target, signedBy } of files) {
    const path = join(root, target);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    if (signedBy) await installEfiBinary(context, { source, target: path, signedBy });
    else await copyFile(source, path);
    await chmod(path, 0o600);
  }
  for (const folder of ["boot", "efi"]) await clampTimes(join(root, folder), context.epoch);
}

async function clampTimes(folder: string, epoch: number): Promise<void> {
  if (!existsSync(folder)) return;
  // Children first: nothing after it changes a folder's time.
  for (const { path, stats } of [...walk(folder)].reverse()) {
    if (stats.isSymbolicLink() || stats.mtimeMs <= epoch * 1000) continue;
    await utimes(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path, "latin1")]), epoch, epoch);
  }
}
