import type { Stats } from "node:fs";
import { realpath, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Context } from "../context.ts";
import { SOURCES_PATH, type Tree } from "../protocol.ts";
import type { ArchiveMember } from "../tree/archive-listing.ts";
import type { DeviceNode } from "../tree/device-nodes.ts";
import { deviceNumbers } from "../tree/device-numbers.ts";
import { extractDisk } from "../tree/disk-image.ts";
import { statInside } from "../tree/inside.ts";
import { addNode, isFolder, pourArchive, pourNames, shown, type Target } from "../tree/pour.ts";
import { holdsTar, sniff } from "../tree/sniff.ts";
import { type BytePath, bytePath, type Entry, walk } from "../tree/walk.ts";

/** Copies the user's trees into the image, one over the other. */
export async function copyTrees(context: Context, root: string, trees: Tree[], devices: DeviceNode[]): Promise<void> {
  for (const tree of trees) await copyTree(context, { root, devices }, tree);
}

/** A folder's content lands in the target; an archive or disk image without a target is unpacked; any other file becomes the target. */
async function copyTree(context: Context, into: Target, { source, name, target }: Tree): Promise<void> {
  const path = await realpath(join(SOURCES_PATH, source));
  const title = name ?? source;
  if ((await stat(path)).isDirectory())
    return copyFolder(context, into, { folder: path, target, isRoots: () => true, times: false, title });
  if (target === "/" && (await unpackFile(context, into, path, title))) return;
  const inFolder = target === "/" || statInside(into.root, bytePath(target))?.isDirectory() === true;
  await copyFile(context, into, path, inFolder ? join(target, name ?? basename(path)) : target, title);
}

/** Unpacks an archive or a disk image over the tree, with the owners that files have in it. False for any other file. */
export async function unpackFile(context: Context, into: Target, file: string, title: string): Promise<boolean> {
  const kind = await sniff(file);
  if (kind === "other") return false;
  if (kind === "archive" || kind === "compressed") {
    if (kind === "compressed" && !(await holdsTar(context, file))) return false;
    await pourArchive(context, into, file, title);
    return true;
  }
  const { folder, nodes } = await extractDisk(context, file, kind, title);
  await copyFolder(context, into, { folder, target: "/", isRoots: () => false, times: true, title });
  for (const node of nodes) await addNode(into, node);
  await rm(folder, { recursive: true });
  return true;
}

export interface FolderCopy {
  folder: string;
  /** Absolute path in the image. */
  target: string;
  /** What belongs to root in the image, whoever owns it here. */
  isRoots: (stats: Stats) => boolean;
  times: boolean;
  title: string;
}

/** Copies what is in a folder. Folders that the image has keep their attributes. */
export async function copyFolder(context: Context, into: Target, copy: FolderCopy): Promise<void> {
  const { folder, title } = copy;
  const prefix = bytePath(copy.target).replace(/^\/+|\/+$/g, "");
  const names: Record<"root" | "kept", BytePath[]> = { root: [], kept: [] };
  const nodes: ArchiveMember[] = [];
  for (const entry of walk(folder)) {
    const name = [prefix, entry.path].filter((part) => part !== "").join("/");
    const node = deviceOf(copy, entry, name);
    if (node) nodes.push(node);
    else if (takes(context, into, copy, entry, name)) names[copy.isRoots(entry.stats) ? "root" : "kept"].push(name);
  }
  const binds = [{ source: folder, target: join("/source", copy.target), readOnly: true }];
  const given = { binds, times: copy.times, title };
  await pourNames(context, into, { ...given, names: names.root, asRoot: true });
  await pourNames(context, into, { ...given, names: names.kept, asRoot: false });
  for (const node of nodes) await addNode(into, node);
}

/** Whether libarchive is to copy an entry. */
function takes(context: Context, into: Target, copy: FolderCopy, { path, stats }: Entry, name: BytePath): boolean {
  if (stats.isDirectory()) return name !== "" && !isFolder(into.root, name, copy.title);
  if (!stats.isSocket()) return true;
  const message = `${copy.title}: ${shown(path)} is a socket, which is not copied`;
  context.emit({ type: "notice", level: "warning", message });
  return false;
}

/** A device node, which libarchive could not make everywhere. */
function deviceOf({ isRoots }: FolderCopy, { stats }: Entry, name: BytePath): ArchiveMember | undefined {
  if (!stats.isCharacterDevice() && !stats.isBlockDevice()) return undefined;
  const [uid, gid] = isRoots(stats) ? [0, 0] : [stats.uid, stats.gid];
  const type = stats.isBlockDevice() ? "b" : "c";
  return { name, type, mode: stats.mode & 0o7777, uid, gid, device: deviceNumbers(stats.rdev) };
}

async function copyFile(context: Context, into: Target, file: string, target: string, title: string): Promise<void> {
  const name = bytePath(target).replace(/^\/+/, "");
  const binds = [{ source: file, target: join("/source", target), readOnly: true }];
  await pourNames(context, into, { names: [name], binds, asRoot: true, times: false, title });
}
