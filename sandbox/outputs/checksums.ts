import { lstatSync, readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { fileHash } from "../tree/hash.ts";
import { byCodeUnit } from "../tree/walk.ts";
import { besidePath } from "./beside.ts";

/** Writes the SHA-256 sums of all files in a staging folder, as sha256sum(1) reads them. Returns the list's path; undefined where none is wanted. */
export async function writeChecksums({ image, emit }: Context, staging: string): Promise<string | undefined> {
  if (!image.checksum) return undefined;
  const lines = [];
  for (const name of readdirSync(staging).sort(byCodeUnit)) {
    const path = join(staging, name);
    const stats = lstatSync(path);
    if (stats.isFile()) lines.push(`${await fileHash(path)} *${name}\n`);
    if (stats.isDirectory())
      emit({ type: "notice", level: "warning", message: `${name} is a folder, which has no checksum` });
  }
  const list = besidePath(image, staging, "checksum");
  await writeFile(list, lines.join(""));
  return list;
}
