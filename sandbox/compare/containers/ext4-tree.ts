import type { Blob } from "../blob.ts";
import { reading } from "../damaged.ts";
import { time } from "../fields.ts";
import { basicAttributes, kindOf, type Node, shownDevice, shownName, shownValue, type Tree } from "../tree.ts";
import { EXTENTS } from "./ext4-blocks.ts";
import { Ext4, INLINE, type Inode } from "./ext4-inodes.ts";

/** EXT4_INDEX_FL: a large folder has an index of hashes. */
const INDEX = 0x1000;

/** What damage is told of. */
export const EXT4 = "ext4 file system";

/** Everything below the root. */
export function readExt4(blob: Blob): Tree {
  return reading(EXT4, () => readTree(new Ext4(blob)));
}

function readTree(filesystem: Ext4): Tree {
  const tree: Tree = new Map();
  const names = new Map<number, string>();
  for (const [path, inode] of filesystem.walk()) {
    tree.set(path, node(filesystem, inode, names.get(inode.number)));
    if (!names.has(inode.number)) names.set(inode.number, path);
  }
  return tree;
}

function node(filesystem: Ext4, inode: Inode, first: string | undefined): Node {
  const { bytes, mode } = inode;
  const kind = kindOf(mode);
  const { seconds, nanoseconds } = readTime(bytes, 0x10, 0x88);
  const [uid, gid] = [wide(bytes, 0x02, 0x78), wide(bytes, 0x18, 0x7a)];
  const attributes = basicAttributes({ mode, uid, gid, mtime: seconds, nanoseconds });
  const xattrs = new Map(filesystem.attributes(inode).map(({ name, value }) => [name, value]));
  for (const [name, value] of xattrs) attributes[`xattr ${name}`] = shownValue(value);
  if (first !== undefined) attributes["hard link to"] = `/${shownName(first)}`;
  const target = kind === "symlink" ? filesystem.target(inode) : undefined;
  if (target !== undefined) attributes.target = shownName(target);
  if (kind.endsWith("device")) attributes.device = device(inode.block);
  const flags = inode.flags & ~(EXTENTS | INLINE | INDEX);
  if (flags !== 0) attributes["inode flags"] = `0x${flags.toString(16)}`;
  const content = kind === "file" ? { content: filesystem.content(inode) } : {};
  const links = { ...(target === undefined ? {} : { target }), ...(first === undefined ? {} : { linkTo: first }) };
  return { kind, attributes, derived: derived(bytes), exact: { xattrs, ...links }, ...content };
}

function derived(bytes: Buffer): Record<string, string> {
  const shown = (at: number, extra: number) => {
    const { seconds, nanoseconds } = readTime(bytes, at, extra);
    return time(seconds, nanoseconds);
  };
  const generation = bytes.readUInt32LE(0x64).toString(16);
  const times = { atime: shown(0x08, 0x8c), ctime: shown(0x0c, 0x84), generation };
  return bytes.length >= 0x98 ? { ...times, "creation time": shown(0x90, 0x94) } : times;
}

/** Two bits of the second field are the seconds' highest, the others nanoseconds. */
function readTime(bytes: Buffer, at: number, extraAt: number): { seconds: number; nanoseconds: number } {
  const extra = bytes.length >= extraAt + 4 ? bytes.readUInt32LE(extraAt) : 0;
  return { seconds: bytes.readInt32LE(at) + (extra & 3) * 2 ** 32, nanoseconds: extra >>> 2 };
}

function wide(bytes: Buffer, low: number, high: number): number {
  return bytes.readUInt16LE(low) + bytes.readUInt16LE(high) * 0x10000;
}

/** i_block holds either the old form of a device's number or the new one. */
function device(block: Buffer): string {
  const [old, now] = [block.readUInt32LE(0), block.readUInt32LE(4)];
  if (old !== 0) return shownDevice((old >> 8) & 0xff, old & 0xff);
  return shownDevice((now >> 8) & 0xfff, (now & 0xff) | ((now >> 12) & 0xfff00));
}
