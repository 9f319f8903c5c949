import { rm, truncate, writeFile } from "node:fs/promises";
import { ToolError } from "../errors.ts";
import type { FilesystemJob } from "./filesystem.ts";

const GRAIN = 1 << 20;

/** Makes a filesystem of the size asked for; else of a guess, in bytes, that grows until the content fits. */
export async function inSize(job: FilesystemJob, guess: number, make: () => Promise<void>): Promise<void> {
  let size = job.size ?? Math.ceil(guess / GRAIN) * GRAIN;
  for (let attempt = 1; ; attempt++) {
    await rm(job.output, { force: true });
    await writeFile(job.output, "");
    await truncate(job.output, size);
    try {
      return await make();
    } catch (error) {
      if (job.size !== undefined || attempt === 8 || !(error instanceof ToolError)) throw error;
      if (!error.output.some((line) => /no space|too small|ENOSPC|not enough|could not allocate/i.test(line)))
        throw error;
      size = Math.ceil((size * 1.12) / GRAIN) * GRAIN;
    }
  }
}

/** Bytes of all files, in whole blocks. */
export function contentBytes({ entries }: FilesystemJob): number {
  return entries.reduce((sum, { size }) => sum + Math.ceil(size / 4096) * 4096, 0);
}
