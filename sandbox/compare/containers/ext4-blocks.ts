/** Where ext4 keeps what is in a file: a tree of extents, or the older map of blocks. */
import type { Blob, Piece } from "../blob.ts";

/** EXT4_EXTENTS_FL of an inode. */
export const EXTENTS = 0x80000;
const EXTENT_MAGIC = 0xf30a;
/** Longer ones are allocated, but were never written. */
const MOST_WRITTEN = 32768;
const DIRECT = 12;

export interface Layout {
  blob: Blob;
  blockSize: number;
}

/** The pieces that a node of a tree of extents leads to; `node` is i_block, or a block. */
export function extentPieces(layout: Layout, node: Buffer): Piece[] {
  if (node.readUInt16LE(0) !== EXTENT_MAGIC) return [];
  const { blob, blockSize } = layout;
  const [count, depth] = [node.readUInt16LE(2), node.readUInt16LE(6)];
  return Array.from({ length: count }, (_, index) => node.subarray(12 * (index + 1), 12 * (index + 2))).flatMap(
    (entry) => {
      if (depth > 0) {
        const block = entry.readUInt32LE(4) + entry.readUInt16LE(8) * 2 ** 32;
        return extentPieces(layout, blob.read(block * blockSize, blockSize));
      }
      const blocks = entry.readUInt16LE(4);
      const start = entry.readUInt32LE(8) + entry.readUInt16LE(6) * 2 ** 32;
      const written = blocks <= MOST_WRITTEN;
      return [
        {
          at: entry.readUInt32LE(0) * blockSize,
          length: (written ? blocks : blocks - MOST_WRITTEN) * blockSize,
          source: written ? start * blockSize : undefined,
        },
      ];
    },
  );
}

/** Twelve blocks, and one each that names blocks, blocks of such, and blocks of those. */
export function mapPieces({ blob, blockSize }: Layout, map: Buffer, size: number): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  const add = (number: number, depth: number): void => {
    if (at >= size) return;
    if (depth === 0 || number === 0) {
      const length = blockSize * (blockSize / 4) ** depth;
      if (number !== 0) pieces.push({ at, length, source: number * blockSize });
      at += length;
      return;
    }
    const block = blob.read(number * blockSize, blockSize);
    for (let index = 0; index < block.length; index += 4) add(block.readUInt32LE(index), depth - 1);
  };
  for (let index = 0; index < DIRECT + 3; index++) add(map.readUInt32LE(index * 4), Math.max(0, index - DIRECT + 1));
  return pieces;
}
