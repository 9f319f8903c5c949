import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { WriteJob } from "../context.ts";
import { compress, compressedName } from "../formats/compress.ts";

/**
 * Delivers the files that systemd-repart(8) split a disk into, which lie beside it and are named after it, compressed
 * as CompressOutput= says. `paths` as it reports them: a hyphen where a partition is no file.
 */
export async function deliverPartitions(job: WriteJob, paths: readonly (string | undefined)[]): Promise<void> {
  const { context, output, staging } = job;
  for (const path of paths) {
    if (path === undefined || path === "-") continue;
    const file = join(dirname(output), basename(path));
    // A partition that is left for later has no content yet.
    if (!existsSync(file)) continue;
    await compress(context, file, join(staging, compressedName(basename(file), context.image)));
    await rm(file);
  }
}
