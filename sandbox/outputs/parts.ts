/** Parts of the finished image that are files of their own too, whatever the image's format: its kernels, its os-release, its tree. */
import { lstatSync } from "node:fs";
import { chmod, copyFile, cp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { WriteJob } from "../context.ts";
import { compress } from "../formats/compress.ts";
import { writeTar } from "../formats/tar.ts";
import { onDisk, walk } from "../tree/walk.ts";
import { splitBootFiles } from "./boot-files.ts";
import type { SplitPaths } from "./split.ts";

/** Writes them into the staging folder. The tree is as it went into the main output, with what boots its kernels. */
export async function splitParts(job: WriteJob): Promise<void> {
  await splitBootFiles(job);
  await splitOsRelease(job);
  await splitTar(job);
}

async function splitOsRelease({ root, split }: WriteJob): Promise<void> {
  const file = join(root, "usr/lib/os-release");
  const path = split("os-release");
  if (path === undefined || !lstatSync(file, { throwIfNoEntry: false })?.isFile()) return;
  await copyFile(file, path);
  await chmod(path, 0o644);
}

/** The tree as an archive, compressed as CompressOutput= says. */
async function splitTar(job: WriteJob): Promise<void> {
  const path = job.split("tar");
  if (path === undefined) return;
  const archive = join(job.context.work, "split.tar");
  await writeTar({ ...job, output: archive });
  await compress(job.context, archive, path);
  await rm(archive);
}

/** The repart.d(5) files that a disk was made from; of the same name in several folders the last. */
export async function splitDefinitions(split: SplitPaths, folders: readonly string[]): Promise<void> {
  const path = split("repart-definitions");
  if (path === undefined) return;
  for (const folder of folders) await cp(folder, path, { recursive: true, verbatimSymlinks: true, force: true });
  for (const { path: below, stats } of walk(path))
    if (!stats.isSymbolicLink()) await chmod(onDisk(path, below), stats.isDirectory() ? 0o755 : 0o644);
}
