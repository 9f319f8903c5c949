/** Where XFS keeps what belongs to an inode: in the inode, in extents, or in extents that a tree of blocks lists. */
import { type Blob, Bytes, Mapped, type Piece } from "../blob.ts";

export interface XfsGeometry {
  blob: Blob;
  blockSize: number;
  /** Blocks of an allocation group, and the bits of a block's number in one. */
  groupBlocks: number;
  groupBits: bigint;
  /** Metadata has checksums and longer headers (version 5). */
  checksums: boolean;
}

const LOCAL = 1;
const EXTENTS = 2;

/** What a fork of an inode holds: `bytes` is the fork's space in the inode. */
export function forkContent(
  geometry: XfsGeometry,
  format: number,
  bytes: Buffer,
  extents: number,
  size?: number,
): Blob {
  if (format === LOCAL) return new Bytes(Buffer.from(bytes.subarray(0, size ?? bytes.length)));
  const pieces = format === EXTENTS ? records(geometry, bytes, 0, extents) : treePieces(geometry, bytes);
  return new Mapped(geometry.blob, pieces, size);
}

/** Bytes from the start of the file system. */
export function blockOffset({ groupBits, groupBlocks, blockSize }: XfsGeometry, block: bigint): number {
  const [group, within] = [block >> groupBits, block & ((1n << groupBits) - 1n)];
  return (Number(group) * groupBlocks + Number(within)) * blockSize;
}

/** Packed extents of 128 bits: a flag, 54 bits of offset, 52 of block, 21 of length. */
function records(geometry: XfsGeometry, bytes: Buffer, at: number, count: number): Piece[] {
  return Array.from({ length: count }, (_, index) => {
    const [high, low] = [bytes.readBigUInt64BE(at + index * 16), bytes.readBigUInt64BE(at + index * 16 + 8)];
    const unwritten = high >> 63n === 1n;
    const block = ((high & 0x1ffn) << 43n) | (low >> 21n);
    return {
      at: Number((high & ((1n << 63n) - 1n)) >> 9n) * geometry.blockSize,
      length: Number(low & 0x1fffffn) * geometry.blockSize,
      source: unwritten ? undefined : blockOffset(geometry, block),
    };
  });
}

/** The root of the tree is in the inode, with a header of its own. */
function treePieces(geometry: XfsGeometry, root: Buffer): Piece[] {
  const most = Math.floor((root.length - 4) / 16);
  return children(geometry, root, 4 + most * 8, root.readUInt16BE(2));
}

function children(geometry: XfsGeometry, bytes: Buffer, pointers: number, count: number): Piece[] {
  return Array.from({ length: count }, (_, index) => bytes.readBigUInt64BE(pointers + index * 8)).flatMap((block) => {
    const { blob, blockSize, checksums } = geometry;
    const node = blob.read(blockOffset(geometry, block), blockSize);
    const [level, entries, header] = [node.readUInt16BE(4), node.readUInt16BE(6), checksums ? 72 : 24];
    if (level === 0) return records(geometry, node, header, entries);
    return children(geometry, node, header + Math.floor((blockSize - header) / 16) * 8, entries);
  });
}
