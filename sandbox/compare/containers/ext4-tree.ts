import { byCodeUnit } from "../../tree/walk.ts";
import { type Blob, Bytes, Mapped, type Piece } from "../blob.ts";
import { fields, time } from "../fields.ts";
import { basicAttributes, kindOf, type Node, shownDevice, shownName, shownValue, type Tree } from "../tree.ts";
import { EXTENTS, extentPieces, mapPieces } from "./ext4-blocks.ts";
import { type Attribute, readAttributes } from "./ext4-xattrs.ts";

const ROOT = 2;
const INLINE = 0x10000000;
const META_GROUPS = 0x10;
const WIDE = 0x80;

/** struct ext4_inode, for the place of a byte. */
export const INODE_FIELDS = [
  ...fields([0x00, 2, "mode"], [0x02, 2, "owner"], [0x04, 4, "size"], [0x08, 4, "atime"], [0x0c, 4, "ctime"]),
  ...fields(
    [0x10, 4, "mtime"],
    [0x14, 4, "deletion time"],
    [0x18, 2, "group"],
    [0x1a, 2, "links"],
    [0x1c, 4, "blocks"],
  ),
  ...fields([0x20, 4, "flags"], [0x24, 4, "version"], [0x28, 60, "block map"], [0x64, 4, "generation"]),
  ...fields([0x68, 4, "attribute block"], [0x7c, 2, "checksum"], [0x82, 2, "checksum"], [0x90, 4, "creation time"]),
];

interface Inode {
  bytes: Buffer;
  mode: number;
  size: number;
  flags: number;
  /** i_block: a map of blocks, or what is small enough to be kept in its place. */
  block: Buffer;
}

/** Reads a file system without mounting it. */
export class Ext4 {
  readonly blob: Blob;
  readonly blockSize: number;
  readonly #inodesPerGroup: number;
  readonly #inodeSize: number;
  readonly #descriptorSize: number;
  readonly #firstBlock: number;
  readonly #groups: number;

  constructor(blob: Blob) {
    this.blob = blob;
    const superblock = blob.read(1024, 1024);
    this.blockSize = 1024 << superblock.readUInt32LE(0x18);
    this.#firstBlock = superblock.readUInt32LE(0x14);
    this.#inodesPerGroup = superblock.readUInt32LE(0x28);
    this.#inodeSize = superblock.readUInt32LE(0x4c) === 0 ? 128 : superblock.readUInt16LE(0x58);
    const features = superblock.readUInt32LE(0x60);
    this.#descriptorSize = features & WIDE ? superblock.readUInt16LE(0xfe) : 32;
    this.#groups = features & META_GROUPS ? 0 : Math.ceil(superblock.readUInt32LE(0) / this.#inodesPerGroup);
  }

  /** Everything below the root; nothing where the group descriptors are spread (meta_bg), as mkfs.ext4 does for no small file system. */
  tree(): Tree {
    const tree: Tree = new Map();
    if (this.#groups > 0) this.#add(tree, "", ROOT, new Map());
    return tree;
  }

  #add(tree: Tree, path: string, number: number, names: Map<number, string>): void {
    const inode = this.#inode(number);
    const isFolder = kindOf(inode.mode) === "directory";
    // A folder has one name; in a broken file system it may lie in itself.
    if (isFolder && names.has(number)) return;
    tree.set(path, this.#node(inode, number, path, names));
    if (!isFolder) return;
    const entries = [...this.#entries(inode)].sort(([a], [b]) => byCodeUnit(a, b));
    for (const [name, child] of entries) {
      this.#add(tree, path === "" ? name : `${path}/${name}`, child, names);
    }
  }

  #node(inode: Inode, number: number, path: string, names: Map<number, string>): Node {
    const { bytes, mode } = inode;
    const kind = kindOf(mode);
    const first = names.get(number);
    names.set(number, first ?? path);
    const mtime = this.#time(bytes, 0x10, 0x88);
    const [uid, gid] = [wide(bytes, 0x02, 0x78), wide(bytes, 0x18, 0x7a)];
    const attributes = { ...basicAttributes({ mode, uid, gid, mtime: mtime.seconds, nanoseconds: mtime.nanoseconds }) };
    const xattrs = new Map(this.#attributes(inode).map(({ name, value }) => [name, value]));
    for (const [name, value] of xattrs) attributes[`xattr ${name}`] = shownValue(value);
    if (first !== undefined) attributes["hard link to"] = `/${shownName(first)}`;
    const target = kind === "symlink" ? this.#target(inode) : undefined;
    if (target !== undefined) attributes.target = shownName(target);
    if (kind.endsWith("device")) attributes.device = device(inode.block);
    const flags = inode.flags & ~(EXTENTS | INLINE | 0x1000);
    if (flags !== 0) attributes["inode flags"] = `0x${flags.toString(16)}`;
    const derived = this.#derived(bytes);
    const exact = {
      xattrs,
      ...(target === undefined ? {} : { target }),
      ...(first === undefined ? {} : { linkTo: first }),
    };
    return { kind, attributes, derived, exact, ...(kind === "file" ? { content: this.#content(inode) } : {}) };
  }

  #derived(bytes: Buffer): Record<string, string> {
    const shown = (at: number, extra: number) => {
      const { seconds, nanoseconds } = this.#time(bytes, at, extra);
      return time(seconds, nanoseconds);
    };
    const generation = bytes.readUInt32LE(0x64).toString(16);
    const times = { atime: shown(0x08, 0x8c), ctime: shown(0x0c, 0x84), generation };
    return bytes.length >= 0x98 ? { ...times, "creation time": shown(0x90, 0x94) } : times;
  }

  #time(bytes: Buffer, at: number, extraAt: number): { seconds: number; nanoseconds: number } {
    const extra = bytes.length >= extraAt + 4 ? bytes.readUInt32LE(extraAt) : 0;
    return { seconds: bytes.readInt32LE(at) + (extra & 3) * 2 ** 32, nanoseconds: extra >>> 2 };
  }

  #inode(number: number): Inode {
    const bytes = this.blob.read(this.#inodeOffset(number), this.#inodeSize);
    const high = kindOf(bytes.readUInt16LE(0)) === "file" ? bytes.readUInt32LE(0x6c) : 0;
    return {
      bytes,
      mode: bytes.readUInt16LE(0),
      size: bytes.readUInt32LE(4) + high * 2 ** 32,
      flags: bytes.readUInt32LE(0x20),
      block: bytes.subarray(0x28, 0x28 + 60),
    };
  }

  #inodeOffset(number: number): number {
    const [group, index] = [Math.floor((number - 1) / this.#inodesPerGroup), (number - 1) % this.#inodesPerGroup];
    return this.#inodeTable(group) + index * this.#inodeSize;
  }

  #inodeTable(group: number): number {
    return this.#structure(group, 0x08, 0x28);
  }

  /** Bytes: where the structure lies whose block a group's descriptor has at an offset. */
  #structure(group: number, low: number, high: number): number {
    const descriptors = (this.#firstBlock + 1) * this.blockSize;
    const bytes = this.blob.read(descriptors + group * this.#descriptorSize, this.#descriptorSize);
    const upper = this.#descriptorSize >= 64 ? bytes.readUInt32LE(high) : 0;
    return (bytes.readUInt32LE(low) + upper * 2 ** 32) * this.blockSize;
  }

  #content(inode: Inode): Blob {
    const { size, flags, block } = inode;
    if (flags & INLINE) {
      const rest = this.#attributes(inode, true).find(({ name }) => name === "system.data")?.value ?? Buffer.alloc(0);
      return new Bytes(Buffer.concat([block, rest]).subarray(0, size));
    }
    const layout = { blob: this.blob, blockSize: this.blockSize };
    const pieces: Piece[] = flags & EXTENTS ? extentPieces(layout, block) : mapPieces(layout, block, size);
    return new Mapped(this.blob, pieces, size);
  }

  *#entries(inode: Inode): Generator<[string, number]> {
    const content = this.#content(inode);
    const bytes = content.read(0, content.size);
    const inline = (inode.flags & INLINE) !== 0;
    for (let at = inline ? 4 : 0; at + 8 <= bytes.length; ) {
      const [number, length] = [bytes.readUInt32LE(at), bytes.readUInt16LE(at + 4)];
      if (length < 8) return;
      const name = bytes.toString("latin1", at + 8, at + 8 + bytes.readUInt8(at + 6));
      if (number !== 0 && name !== "." && name !== "..") yield [name, number];
      at += length;
    }
  }

  #target(inode: Inode): string {
    const fast = inode.size < 60 && !(inode.flags & EXTENTS);
    return fast
      ? inode.block.toString("latin1", 0, inode.size)
      : this.#content(inode).read(0, inode.size).toString("latin1");
  }

  #attributes({ bytes }: Inode, all = false): Attribute[] {
    const block = bytes.readUInt32LE(0x68) + bytes.readUInt16LE(0x76) * 2 ** 32;
    const outside = block === 0 ? undefined : this.blob.read(block * this.blockSize, this.blockSize);
    return readAttributes(bytes, outside).filter(({ name }) => all || name !== "system.data");
  }

  /** What an offset belongs to; `within`, the offset in an inode. */
  locate(offset: number): { structure: string; within?: number } {
    if (offset < 1024) return { structure: "boot block" };
    if (offset < 2048) return { structure: "superblock" };
    const descriptors = (this.#firstBlock + 1) * this.blockSize;
    if (offset >= descriptors && offset < descriptors + this.#groups * this.#descriptorSize) {
      return { structure: `descriptor of group ${Math.floor((offset - descriptors) / this.#descriptorSize)}` };
    }
    for (let group = 0; group < this.#groups; group++) {
      const within = offset - this.#inodeTable(group);
      if (within >= 0 && within < this.#inodesPerGroup * this.#inodeSize) {
        const number = group * this.#inodesPerGroup + Math.floor(within / this.#inodeSize) + 1;
        return { structure: `inode ${number}`, within: within % this.#inodeSize };
      }
      if (this.#isBlock(offset, this.#structure(group, 0x00, 0x20)))
        return { structure: `block bitmap of group ${group}` };
      if (this.#isBlock(offset, this.#structure(group, 0x04, 0x24)))
        return { structure: `inode bitmap of group ${group}` };
    }
    return { structure: `block ${Math.floor(offset / this.blockSize)}` };
  }

  #isBlock(offset: number, block: number): boolean {
    return offset >= block && offset < block + this.blockSize;
  }
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
