/** What a tree has beyond the image that it was built on, as entries of layers over that (layer.md, "Change Types"). */
import { readFileSync } from "node:fs";
import { byPath, type TreeEntry } from "../tree/entries.ts";
import { fileHash } from "../tree/hash.ts";
import { type BytePath, onDisk } from "../tree/walk.ts";
import { whiteoutOf } from "./whiteouts.ts";

/** A mounted tree. */
export interface ListedTree {
  root: string;
  entries: readonly TreeEntry[];
}

/**
 * Everything that is new or changed, whiteouts of what is gone, and the folders that lead there, in the order of a tree.
 * Of a file with several names all are there where one of them changed: layers have no links to files of other layers.
 */
export async function difference(base: ListedTree, now: ListedTree): Promise<TreeEntry[]> {
  const before = new Map(base.entries.map((entry) => [entry.path, entry]));
  const after = new Map(now.entries.map((entry) => [entry.path, entry]));
  const changed = new Set<BytePath>();
  for (const entry of now.entries)
    if (!(await isSame(before.get(entry.path), entry, { base: base.root, now: now.root }))) changed.add(fileOf(entry));
  const entries = now.entries.filter((entry) => changed.has(fileOf(entry)));
  const gone = base.entries.filter(({ path }) => !after.has(path) && after.get(parentOf(path))?.kind === "directory");
  const all = [...entries, ...gone.map(({ path }) => whiteout(whiteoutOf(path)))];
  const folders = now.entries.filter(({ path, kind }) => kind === "directory" && !changed.has(path));
  const needed = new Set(all.flatMap(({ path }) => parentsOf(path)));
  return [...all, ...folders.filter(({ path }) => needed.has(path) || path === "")].sort((a, b) =>
    byPath(a.path, b.path),
  );
}

/** The first of a file's names. */
function fileOf({ path, linkTo = path }: TreeEntry): BytePath {
  return linkTo;
}

async function isSame(
  old: TreeEntry | undefined,
  now: TreeEntry,
  root: { base: string; now: string },
): Promise<boolean> {
  if (old === undefined || attributes(old) !== attributes(now)) return false;
  if (now.kind !== "file" || now.size === 0) return true;
  const paths = [onDisk(root.base, now.path), onDisk(root.now, now.path)] as const;
  if (now.size < 1 << 20) return readFileSync(paths[0]).equals(readFileSync(paths[1]));
  return (await fileHash(paths[0])) === (await fileHash(paths[1]));
}

/** All but the content. A folder's time is the epoch's, whatever happened in it. */
function attributes(entry: TreeEntry): string {
  const { kind, mode, uid, gid, mtime, size, target, device, xattrs, linkTo } = entry;
  const values = [...xattrs].map(([name, value]) => [name, value.toString("hex")]);
  const time = kind === "directory" ? 0 : mtime;
  return JSON.stringify([kind, mode, uid, gid, time, size, target?.toString("hex"), device, values, linkTo]);
}

function whiteout(path: BytePath): TreeEntry {
  return { path, kind: "file", mode: 0o644, uid: 0, gid: 0, mtime: 0, size: 0, xattrs: new Map() };
}

function parentOf(path: BytePath): BytePath {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

function parentsOf(path: BytePath): BytePath[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
}
