import { truncate, writeFile } from "node:fs/promises";
import { ToolError } from "../errors.ts";
import { BLOCK, inodesFor, neededBlocks } from "./ext4-size.ts";
import { freeBlocks, setXattrs } from "./ext4-tools.ts";
import { type Filesystem, type FilesystemJob, outputPath, tarOptions, toolOptions } from "./filesystem.ts";

/** mke2fs(8) reads a tar archive. */
export const makeExt4: Filesystem = async (job) => {
  const attempts = job.size === undefined ? 4 : 1;
  let blocks = job.size === undefined ? await fewestBlocks(job) : Math.floor(job.size / BLOCK);
  for (let attempt = 1; ; attempt++) {
    try {
      await populate(job, blocks);
      return await setXattrs(job);
    } catch (error) {
      if (attempt === attempts || !(error instanceof ToolError) || !isFull(error)) throw error;
      // Files that lie in many pieces need more blocks than are counted beforehand.
      blocks = Math.ceil(blocks * 1.05);
    }
  }
};

async function populate(job: FilesystemJob, blocks: number): Promise<void> {
  await prepare(job, blocks);
  await job.context.run([...command(job, blocks), "-d", "-", outputPath(job)], tarOptions(job));
}

/** An empty file of the size, whatever was there. */
async function prepare({ output }: FilesystemJob, blocks: number): Promise<void> {
  await writeFile(output, "");
  await truncate(output, blocks * BLOCK);
}

/**
 * As systemd-repart calls it; but with a seed for the hashes of folders, which is random otherwise, and with enough inodes.
 * Of several -E and -N the last one counts: a user's own words win.
 */
function command(job: FilesystemJob, blocks: number): string[] {
  const { uuid, label, context, entries, options } = job;
  const extended = `nodiscard,lazy_itable_init=1,hash_seed=${context.seed}`;
  const words = ["mke2fs", "-q", "-t", "ext4", "-T", "default", "-b", String(BLOCK), "-I", "256", "-m", "0"];
  words.push("-L", label, "-U", uuid, "-N", String(inodesFor(entries, blocks)), "-E", extended);
  return [...words, ...options];
}

/**
 * The least size that has room for the content: what journal, bitmaps and tables take of a size is asked of mke2fs, which
 * makes an empty filesystem in no time.
 */
async function fewestBlocks(job: FilesystemJob): Promise<number> {
  const needed = neededBlocks(job.entries);
  let blocks = needed + 2048;
  for (let round = 0; round < 5; round++) {
    await prepare(job, blocks);
    await job.context.run([...command(job, blocks), outputPath(job)], toolOptions(job));
    const missing = needed - (await freeBlocks(job.output));
    if (missing <= 0 && missing > -64) return blocks;
    // One more block can make a new group, which takes its own share.
    blocks += missing > 0 ? missing + 16 : missing;
  }
  return blocks + 2048;
}

function isFull(error: ToolError): boolean {
  return error.output.some((line) => /could not allocate|no space|no free space/i.test(line));
}
