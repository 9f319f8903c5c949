/** Folders of XFS: in the inode, in one block, or in many. */
import type { Blob } from "../blob.ts";

interface FolderFormat {
  /** Bytes of a folder's block. */
  folderBlock: number;
  /** Entries tell the type of what they name. */
  types: boolean;
  checksums: boolean;
}

/** Behind this, a folder's blocks hold no entries, but their hashes. */
const DATA_END = 2 ** 35;

/** Names and inode numbers. */
export function entriesOf(content: Blob, inInode: boolean, format: FolderFormat): [string, bigint][] {
  if (inInode) return shortEntries(content.read(0, content.size), format);
  const entries: [string, bigint][] = [];
  for (let at = 0; at + format.folderBlock <= Math.min(content.size, DATA_END); at += format.folderBlock)
    entries.push(...blockEntries(content.read(at, format.folderBlock), format));
  return entries;
}

function shortEntries(bytes: Buffer, { types }: FolderFormat): [string, bigint][] {
  const [count, wide] = [bytes.readUInt8(0), bytes.readUInt8(1) > 0];
  const numberSize = wide ? 8 : 4;
  const entries: [string, bigint][] = [];
  for (let at = 2 + numberSize; entries.length < count; ) {
    const length = bytes.readUInt8(at);
    const name = bytes.toString("latin1", at + 3, at + 3 + length);
    const number = at + 3 + length + (types ? 1 : 0);
    entries.push([name, wide ? bytes.readBigUInt64BE(number) : BigInt(bytes.readUInt32BE(number))]);
    at = number + numberSize;
  }
  return entries;
}

function* blockEntries(block: Buffer, { types, checksums }: FolderFormat): Generator<[string, bigint]> {
  const magic = block.toString("latin1", 0, 4);
  if (!["XDB3", "XDD3", "XD2B", "XD2D"].includes(magic)) return;
  // The block of a folder that needs but one ends with its hashes.
  const end = magic.includes("B") ? block.length - 8 - block.readUInt32BE(block.length - 8) * 8 : block.length;
  for (let at = checksums ? 64 : 16; at < end; ) {
    if (block.readUInt16BE(at) === 0xffff) {
      at += Math.max(8, block.readUInt16BE(at + 2));
      continue;
    }
    const length = block.readUInt8(at + 8);
    const name = block.toString("latin1", at + 9, at + 9 + length);
    if (name !== "." && name !== "..") yield [name, block.readBigUInt64BE(at)];
    at += Math.ceil((9 + length + (types ? 1 : 0) + 2) / 8) * 8;
  }
}
