import { createHash } from "node:crypto";
import { createReadStream, readFileSync, readlinkSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { type BytePath, onDisk, walk } from "./walk.ts";

/** SHA-256, lowercase hexadecimal. */
export function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

/** SHA-256 of a file's content, in constant memory. */
export async function fileHash(path: string | Buffer): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}

/** Below this a file is read in one go. */
const SMALL = 1 << 20;

/**
 * SHA-256 over everything that a copy of a file or folder takes with it: names, kinds, permission bits, link targets,
 * content. Not owners and not times: neither reaches the image. What `skip` says counts as not there.
 */
export async function treeHash(root: string, skip?: (path: BytePath) => boolean): Promise<string> {
  const hash = createHash("sha256");
  for (const { path, stats } of walk(root, "", skip)) {
    hash.update(`${Buffer.from(path, "latin1").toString("hex")} ${stats.mode.toString(8)} `);
    if (stats.isSymbolicLink()) hash.update(sha256(readlinkSync(onDisk(root, path), { encoding: "buffer" })));
    if (stats.isFile()) {
      const file = onDisk(root, path);
      hash.update(stats.size < SMALL ? sha256(readFileSync(file)) : await fileHash(file));
    }
    hash.update("\n");
  }
  return hash.digest("hex");
}

/** SHA-256 of a value's canonical JSON: keys sorted, `undefined` left out. */
export function valueHash(value: unknown): string {
  return sha256(canonical(value));
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
