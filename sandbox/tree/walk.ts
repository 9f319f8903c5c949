import { lstatSync, readdirSync, type Stats } from "node:fs";

/** A path below a tree's root, each character one byte (latin1), so that names that are no UTF-8 survive. Empty for the root. */
export type BytePath = string;

export interface Entry {
  path: BytePath;
  stats: Stats;
}

/** The file system's own form of a byte path. */
export function onDisk(root: string, path: BytePath): Buffer {
  return path === "" ? Buffer.from(root) : Buffer.concat([Buffer.from(root), Buffer.from(`/${path}`, "latin1")]);
}

/** The byte path of a text. */
export function bytePath(text: string): BytePath {
  return Buffer.from(text).toString("latin1");
}

/** Every entry below `root`, parents before children, siblings in byte order, so the same on every file system. Follows no link. */
export function* walk(root: string, path: BytePath = "", skip?: (path: BytePath) => boolean): Generator<Entry> {
  const stats = lstatSync(onDisk(root, path));
  yield { path, stats };
  if (!stats.isDirectory()) return;
  const names = readdirSync(onDisk(root, path), { encoding: "latin1" }).sort(byCodeUnit);
  for (const name of names) {
    const below = path === "" ? name : `${path}/${name}`;
    if (!skip?.(below)) yield* walk(root, below, skip);
  }
}

/** Order of bytes, where the default order of a locale would differ between hosts. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
