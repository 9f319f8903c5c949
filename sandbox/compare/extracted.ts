/** Trees on disk: folders of the user, and what a tool has unpacked from a file system. */
import { readlinkSync } from "node:fs";
import type { Context } from "../context.ts";
import { deviceNumbers } from "../tree/device-numbers.ts";
import { onDisk, walk } from "../tree/walk.ts";
import { readXattrs, type Xattrs } from "../tree/xattrs.ts";
import { FileBlob } from "./blob.ts";
import { basicAttributes, kindOf, shownDevice, shownName, shownValue, type Tree } from "./tree.ts";

/** The tree below a folder. Its extended attributes are getfattr(1)'s to read. */
export async function readFolder(root: string, context: Pick<Context, "run" | "work">): Promise<Tree> {
  const xattrs = await readXattrs(context, root);
  const tree: Tree = new Map();
  const linked = new Map<string, string>();
  for (const { path, stats } of walk(root)) {
    const kind = kindOf(stats.mode);
    const identity = `${stats.dev}:${stats.ino}`;
    const first = kind !== "directory" && stats.nlink > 1 ? linked.get(identity) : undefined;
    linked.set(identity, first ?? path);
    const attributes = {
      ...basicAttributes({ ...stats, mtime: Math.floor(stats.mtimeMs / 1000) }),
      ...shownXattrs(xattrs.get(path)),
    };
    if (first !== undefined) attributes["hard link to"] = `/${shownName(first)}`;
    if (kind === "symlink") attributes.target = shownName(readlinkSync(onDisk(root, path), { encoding: "latin1" }));
    if (kind.endsWith("device")) attributes.device = device(stats.rdev);
    tree.set(path, { kind, attributes, ...(kind === "file" ? { content: new FileBlob(onDisk(root, path)) } : {}) });
  }
  return tree;
}

function device(rdev: number): string {
  const { major, minor } = deviceNumbers(rdev);
  return shownDevice(major, minor);
}

function shownXattrs(xattrs: Xattrs = new Map()): Record<string, string> {
  return Object.fromEntries([...xattrs].map(([name, value]) => [`xattr ${name}`, shownValue(value)]));
}
