import { lstatSync, readlinkSync, type Stats } from "node:fs";
import type { Context } from "../context.ts";
import { addLabels } from "../selinux/labels.ts";
import type { DeviceNode } from "./device-nodes.ts";
import { deviceNumbers } from "./device-numbers.ts";
import { type BytePath, byCodeUnit, onDisk, walk } from "./walk.ts";
import { readXattrs } from "./xattrs.ts";

/** One name of a tree, as outputs hold it. */
export interface TreeEntry {
  /** Empty for the root. */
  path: BytePath;
  kind: EntryKind;
  /** Permission bits, with setuid, setgid and sticky. */
  mode: number;
  uid: number;
  gid: number;
  /** Seconds; not after the epoch. A folder's is the epoch. */
  mtime: number;
  /** Bytes of a file's content; 0 for anything else. */
  size: number;
  /** Of a symbolic link. */
  target?: Buffer;
  /** Of a device node. */
  device?: { major: number; minor: number };
  /** By full name: `security.capability`. Empty for a later name of a file. */
  xattrs: ReadonlyMap<string, Buffer>;
  /** The first name of the same file, which stands before this one; this one then has no content of its own. */
  linkTo?: BytePath;
  /** Where the content lies below the tree's root, if not at `path`. */
  source?: BytePath;
}

export type EntryKind = "file" | "directory" | "symlink" | "character" | "block" | "fifo";

export interface EntryOptions {
  /** Only these; everything unless said otherwise. */
  paths?: readonly BytePath[];
  /** Nodes that the tree has, but the disk cannot hold. */
  devices?: readonly DeviceNode[];
}

/**
 * All that a mounted tree holds, in the one order that outputs have: parents before children, siblings in byte order.
 * Nothing of it depends on the clock, on the file system below, or on the order in which the tree was made. Sockets,
 * which nobody listens to any more, are left out.
 */
export async function treeEntries(context: Context, root: string, options: EntryOptions = {}): Promise<TreeEntry[]> {
  const xattrs = await readXattrs(context, root);
  const entries = listEntries(root, context.epoch, options);
  for (const entry of entries) if (entry.linkTo === undefined) entry.xattrs = xattrs.get(entry.path) ?? entry.xattrs;
  await addLabels(context, root, entries);
  return entries;
}

/** As `treeEntries`, without extended attributes, which some formats have no place for. */
export function listEntries(root: string, epoch: number, { paths, devices = [] }: EntryOptions = {}): TreeEntry[] {
  const names = new FirstNames();
  const entries: TreeEntry[] = [];
  for (const { path, stats } of paths ? listed(root, paths) : walk(root)) {
    const kind = kindOf(stats);
    if (kind) entries.push(entryOf(root, { path, stats, kind, epoch, first: names.first(path, stats) }));
  }
  if (devices.length === 0) return entries;
  return [...entries, ...nodesOf(entries, devices, epoch)].sort((a, b) => byPath(a.path, b.path));
}

/** The order of a tree's names: as `walk` gives them. */
export function byPath(a: BytePath, b: BytePath): number {
  // No name has a zero byte, which sorts a folder's content before everything that the folder's own name is a part of.
  return byCodeUnit(a.replaceAll("/", "\0"), b.replaceAll("/", "\0"));
}

function* listed(root: string, paths: readonly BytePath[]) {
  for (const path of [...paths].sort(byPath)) yield { path, stats: lstatSync(onDisk(root, path)) };
}

function kindOf(stats: Stats): EntryKind | undefined {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "directory";
  if (stats.isSymbolicLink()) return "symlink";
  if (stats.isCharacterDevice()) return "character";
  if (stats.isBlockDevice()) return "block";
  return stats.isFIFO() ? "fifo" : undefined;
}

const NO_XATTRS: ReadonlyMap<string, Buffer> = new Map();

interface Found {
  path: BytePath;
  stats: Stats;
  kind: EntryKind;
  epoch: number;
  first: BytePath | undefined;
}

function entryOf(root: string, { path, stats, kind, epoch, first }: Found): TreeEntry {
  const mtime = kind === "directory" ? epoch : clamp(Math.floor(stats.mtimeMs / 1000), epoch);
  const entry: TreeEntry = {
    path,
    kind,
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    gid: stats.gid,
    mtime,
    size: kind === "file" && first === undefined ? stats.size : 0,
    xattrs: NO_XATTRS,
  };
  if (kind === "symlink") entry.target = readlinkSync(onDisk(root, path), { encoding: "buffer" });
  if (kind === "character" || kind === "block") entry.device = deviceNumbers(stats.rdev);
  if (first !== undefined) entry.linkTo = first;
  return entry;
}

/** Times before 1970 have no place in most formats. */
function clamp(seconds: number, epoch: number): number {
  return Math.max(0, Math.min(seconds, epoch));
}

/** The first name of every file that has more than one. */
class FirstNames {
  private readonly seen = new Map<string, BytePath>();

  /** Undefined where this is the first. */
  first(path: BytePath, stats: Stats): BytePath | undefined {
    if (stats.nlink < 2 || stats.isDirectory()) return undefined;
    const key = `${stats.dev}:${stats.ino}`;
    const known = this.seen.get(key);
    if (known === undefined) this.seen.set(key, path);
    return known;
  }
}

/** The nodes whose folder is still there, and whose place nothing else has taken. */
function nodesOf(entries: readonly TreeEntry[], devices: readonly DeviceNode[], epoch: number): TreeEntry[] {
  const kinds = new Map(entries.map(({ path, kind }) => [path, kind]));
  const free = devices.filter(({ path }) => !kinds.has(path) && kinds.get(parentOf(path)) === "directory");
  return free.map(({ path, kind, mode, uid, gid, major, minor }) => {
    return { path, kind, mode, uid, gid, mtime: epoch, size: 0, device: { major, minor }, xattrs: NO_XATTRS };
  });
}

function parentOf(path: BytePath): BytePath {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}
