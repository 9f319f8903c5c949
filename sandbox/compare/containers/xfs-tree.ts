import { byCodeUnit } from "../../tree/walk.ts";
import type { Blob } from "../blob.ts";
import { reading } from "../damaged.ts";
import { time } from "../fields.ts";
import { basicAttributes, kindOf, type Node, shownDevice, shownName, shownValue, type Tree } from "../tree.ts";
import { entriesOf } from "./xfs-folders.ts";
import { blockOffset, forkContent, type XfsGeometry } from "./xfs-fork.ts";
import { leafAttributes, shortAttributes } from "./xfs-xattrs.ts";

const LOCAL = 1;
const FLAG_BIGTIME = 1n << 3n;
const FLAG_LARGE_COUNTS = 1n << 4n;
/** Seconds before 1970 that the newer form of times counts from. */
const BIGTIME_START = 2 ** 31;

interface Inode {
  bytes: Buffer;
  mode: number;
  size: number;
  format: number;
  flags: bigint;
  data: Buffer;
  attributes: Buffer;
}

/** Reads a file system without mounting it (XFS Algorithms & Data Structures). */
export function readXfs(blob: Blob): Tree {
  return reading("XFS file system", () => new Xfs(blob).tree());
}

class Xfs {
  readonly #geometry: XfsGeometry;
  readonly #root: bigint;
  readonly #inodeSize: number;
  readonly #inodeBits: bigint;
  readonly #folderBlock: number;
  readonly #types: boolean;

  constructor(blob: Blob) {
    const superblock = blob.read(0, 512);
    const blockSize = superblock.readUInt32BE(4);
    const checksums = (superblock.readUInt16BE(100) & 0xf) >= 5;
    const groupBits = BigInt(superblock.readUInt8(124));
    this.#geometry = { blob, blockSize, groupBlocks: superblock.readUInt32BE(84), groupBits, checksums };
    this.#root = superblock.readBigUInt64BE(56);
    this.#inodeSize = superblock.readUInt16BE(104);
    this.#inodeBits = BigInt(superblock.readUInt8(123));
    this.#folderBlock = blockSize << superblock.readUInt8(192);
    this.#types = checksums && (superblock.readUInt32BE(216) & 1) !== 0;
  }

  tree(): Tree {
    const tree: Tree = new Map();
    this.#add(tree, "", this.#root, new Map());
    return tree;
  }

  #add(tree: Tree, path: string, number: bigint, names: Map<bigint, string>): void {
    const inode = this.#inode(number);
    const first = names.get(number);
    const isFolder = kindOf(inode.mode) === "directory";
    // A folder has one name; in a broken file system it may lie in itself.
    if (isFolder && first !== undefined) return;
    names.set(number, first ?? path);
    tree.set(path, this.#node(inode, first));
    if (!isFolder) return;
    const format = { folderBlock: this.#folderBlock, types: this.#types, checksums: this.#geometry.checksums };
    const entries = entriesOf(this.#content(inode), inode.format === LOCAL, format);
    for (const [name, child] of entries.sort(([a], [b]) => byCodeUnit(a, b)))
      this.#add(tree, path === "" ? name : `${path}/${name}`, child, names);
  }

  #inode(number: bigint): Inode {
    const index = Number(number & ((1n << this.#inodeBits) - 1n));
    const at = blockOffset(this.#geometry, number >> this.#inodeBits) + index * this.#inodeSize;
    const bytes = this.#geometry.blob.read(at, this.#inodeSize);
    const isNew = bytes.readUInt8(4) >= 3;
    const start = isNew ? 176 : 100;
    const fork = bytes.readUInt8(82) * 8;
    return {
      bytes,
      mode: bytes.readUInt16BE(2),
      size: Number(bytes.readBigUInt64BE(56)),
      format: bytes.readUInt8(5),
      flags: isNew ? bytes.readBigUInt64BE(120) : 0n,
      data: bytes.subarray(start, fork ? start + fork : bytes.length),
      attributes: fork ? bytes.subarray(start + fork) : Buffer.alloc(0),
    };
  }

  #node(inode: Inode, first: string | undefined): Node {
    const { bytes, mode } = inode;
    const kind = kindOf(mode);
    const { seconds, nanoseconds } = readTime(inode, 40);
    const owners = { uid: bytes.readUInt32BE(8), gid: bytes.readUInt32BE(12) };
    const attributes = basicAttributes({ mode, ...owners, mtime: seconds, nanoseconds });
    const xattrs = new Map(this.#attributes(inode).map(({ name, value }) => [name, value]));
    for (const [name, value] of xattrs) attributes[`xattr ${name}`] = shownValue(value);
    if (first !== undefined) attributes["hard link to"] = `/${shownName(first)}`;
    const target = kind === "symlink" ? this.#target(inode) : undefined;
    if (target !== undefined) attributes.target = shownName(target);
    if (kind.endsWith("device")) attributes.device = device(inode.data.readUInt32BE(0));
    const derived = {
      ...{ atime: shownTime(inode, 32), ctime: shownTime(inode, 48) },
      ...(bytes.readUInt8(4) >= 3 ? { "creation time": shownTime(inode, 144) } : {}),
      generation: bytes.readUInt32BE(92).toString(16),
    };
    const exact = {
      xattrs,
      ...(target === undefined ? {} : { target }),
      ...(first === undefined ? {} : { linkTo: first }),
    };
    return { kind, attributes, derived, exact, ...(kind === "file" ? { content: this.#content(inode) } : {}) };
  }

  #content({ bytes, format, data, flags, size, mode }: Inode): Blob {
    const isLarge = (flags & FLAG_LARGE_COUNTS) !== 0n;
    const extents = isLarge ? Number(bytes.readBigUInt64BE(24)) : bytes.readUInt32BE(76);
    const isFolder = kindOf(mode) === "directory";
    return forkContent(this.#geometry, format, data, extents, isFolder && format !== LOCAL ? undefined : size);
  }

  #attributes({ bytes, attributes, flags }: Inode) {
    if (attributes.length === 0) return [];
    const format = bytes.readUInt8(83);
    if (format === LOCAL) return sorted(shortAttributes(attributes));
    const isLarge = (flags & FLAG_LARGE_COUNTS) !== 0n;
    const extents = isLarge ? bytes.readUInt32BE(76) : bytes.readUInt16BE(80);
    return sorted(leafAttributes(this.#geometry, forkContent(this.#geometry, format, attributes, extents)));
  }

  /** In blocks of its own a target stands behind a header where there are checksums. */
  #target(inode: Inode): string {
    if (inode.format === LOCAL) return inode.data.toString("latin1", 0, inode.size);
    const start = this.#geometry.checksums ? 56 : 0;
    return this.#content({ ...inode, size: inode.size + start })
      .read(start, inode.size)
      .toString("latin1");
  }
}

function sorted<T extends { name: string }>(attributes: T[]): T[] {
  return attributes.sort((a, b) => byCodeUnit(a.name, b.name));
}

function readTime({ bytes, flags }: Inode, at: number): { seconds: number; nanoseconds: number } {
  if ((flags & FLAG_BIGTIME) === 0n) return { seconds: bytes.readInt32BE(at), nanoseconds: bytes.readInt32BE(at + 4) };
  const value = bytes.readBigUInt64BE(at);
  return { seconds: Number(value / 1_000_000_000n) - BIGTIME_START, nanoseconds: Number(value % 1_000_000_000n) };
}

function shownTime(inode: Inode, at: number): string {
  const { seconds, nanoseconds } = readTime(inode, at);
  return time(seconds, nanoseconds);
}

/** 14 bits of major number, 18 of minor. */
function device(number: number): string {
  return shownDevice(number >>> 18, number & 0x3ffff);
}
