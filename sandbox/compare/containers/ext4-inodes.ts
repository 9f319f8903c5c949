import { byCodeUnit } from "../../tree/walk.ts";
import { type Blob, Bytes, Mapped, type Piece } from "../blob.ts";
import { kindOf } from "../tree.ts";
import { EXTENTS, extentPieces, mapPieces } from "./ext4-blocks.ts";
import { type Attribute, readAttributes } from "./ext4-xattrs.ts";

const ROOT = 2;
/** EXT4_INLINE_DATA_FL. */
export const INLINE = 0x10000000;
const META_GROUPS = 0x10;
const WIDE = 0x80;

export interface Inode {
  number: number;
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
  readonly groups: number;
  readonly inodesPerGroup: number;
  readonly inodeSize: number;
  /** Bytes: of a group's descriptor, and where the first one lies. */
  readonly descriptorSize: number;
  readonly descriptors: number;

  constructor(blob: Blob) {
    this.blob = blob;
    const superblock = blob.read(1024, 1024);
    this.blockSize = 1024 << superblock.readUInt32LE(0x18);
    this.inodesPerGroup = superblock.readUInt32LE(0x28);
    this.inodeSize = superblock.readUInt32LE(0x4c) === 0 ? 128 : superblock.readUInt16LE(0x58);
    const features = superblock.readUInt32LE(0x60);
    this.descriptorSize = features & WIDE ? superblock.readUInt16LE(0xfe) : 32;
    this.descriptors = (superblock.readUInt32LE(0x14) + 1) * this.blockSize;
    // With meta_bg, which mkfs.ext4 does not turn on, descriptors are spread: nothing is found then.
    this.groups = features & META_GROUPS ? 0 : Math.ceil(superblock.readUInt32LE(0) / this.inodesPerGroup);
  }

  /** Every name with its inode, folders before what is in them, names in the order of their bytes. */
  *walk(): Generator<[path: string, inode: Inode]> {
    if (this.groups > 0) yield* this.#below("", ROOT, new Set());
  }

  *#below(path: string, number: number, folders: Set<number>): Generator<[string, Inode]> {
    // A folder has one name; in a broken file system it may lie in itself.
    if (folders.has(number)) return;
    const inode = this.inode(number);
    yield [path, inode];
    if (kindOf(inode.mode) !== "directory") return;
    folders.add(number);
    for (const [name, child] of [...this.#entries(inode)].sort(([a], [b]) => byCodeUnit(a, b)))
      yield* this.#below(path === "" ? name : `${path}/${name}`, child, folders);
  }

  inode(number: number): Inode {
    const [group, index] = [Math.floor((number - 1) / this.inodesPerGroup), (number - 1) % this.inodesPerGroup];
    const bytes = this.blob.read(this.structure(group, 0x08, 0x28) + index * this.inodeSize, this.inodeSize);
    const high = kindOf(bytes.readUInt16LE(0)) === "file" ? bytes.readUInt32LE(0x6c) : 0;
    return {
      number,
      bytes,
      mode: bytes.readUInt16LE(0),
      size: bytes.readUInt32LE(4) + high * 2 ** 32,
      flags: bytes.readUInt32LE(0x20),
      block: bytes.subarray(0x28, 0x28 + 60),
    };
  }

  /** Bytes: where the structure lies whose block a group's descriptor has at an offset. */
  structure(group: number, low: number, high: number): number {
    const bytes = this.blob.read(this.descriptors + group * this.descriptorSize, this.descriptorSize);
    const upper = this.descriptorSize >= 64 ? bytes.readUInt32LE(high) : 0;
    return (bytes.readUInt32LE(low) + upper * 2 ** 32) * this.blockSize;
  }

  /** Where the blocks of an inode lie. */
  pieces({ flags, block, size }: Inode): Piece[] {
    const layout = { blob: this.blob, blockSize: this.blockSize };
    if (flags & INLINE) return [];
    return flags & EXTENTS ? extentPieces(layout, block) : mapPieces(layout, block, size);
  }

  content(inode: Inode): Blob {
    const { size, flags, block } = inode;
    if (!(flags & INLINE)) return new Mapped(this.blob, this.pieces(inode), size);
    const rest = this.#allAttributes(inode).find(({ name }) => name === "system.data")?.value ?? Buffer.alloc(0);
    return new Bytes(Buffer.concat([block, rest]).subarray(0, size));
  }

  target(inode: Inode): string {
    const { size, block, flags } = inode;
    if (size < 60 && !(flags & EXTENTS)) return block.toString("latin1", 0, size);
    return this.content(inode).read(0, size).toString("latin1");
  }

  attributes(inode: Inode): Attribute[] {
    return this.#allAttributes(inode).filter(({ name }) => name !== "system.data");
  }

  #allAttributes({ bytes }: Inode): Attribute[] {
    const block = bytes.readUInt32LE(0x68) + bytes.readUInt16LE(0x76) * 2 ** 32;
    return readAttributes(bytes, block === 0 ? undefined : this.blob.read(block * this.blockSize, this.blockSize));
  }

  *#entries(inode: Inode): Generator<[string, number]> {
    const content = this.content(inode);
    const bytes = content.read(0, content.size);
    for (let at = inode.flags & INLINE ? 4 : 0; at + 8 <= bytes.length; ) {
      const [number, length] = [bytes.readUInt32LE(at), bytes.readUInt16LE(at + 4)];
      if (length < 8) return;
      const name = bytes.toString("latin1", at + 8, at + 8 + bytes.readUInt8(at + 6));
      if (number !== 0 && name !== "." && name !== "..") yield [name, number];
      at += length;
    }
  }
}
