/** Extended attributes of ext4, in the inode's own space and in a block of their own. */
import { ACCESS, aclFromExt4, DEFAULT } from "../../tree/acls.ts";

const MAGIC = 0xea020000;
const BLOCK_HEADER = 32;
const PREFIXES: Record<number, string> = {
  1: "user.",
  2: ACCESS,
  3: DEFAULT,
  4: "trusted.",
  6: "security.",
  7: "system.",
  8: "system.richacl",
};

export interface Attribute {
  name: string;
  value: Buffer;
}

/** `inode` is the whole inode, `block` that of its attributes where it has one. Sorted by name; ACLs as programs see them. */
export function readAttributes(inode: Buffer, block: Buffer | undefined): Attribute[] {
  const all = [...inInode(inode), ...(block ? readEntries(block, BLOCK_HEADER, 0) : [])];
  return all.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function inInode(inode: Buffer): Attribute[] {
  if (inode.length <= 128) return [];
  const start = 128 + inode.readUInt16LE(0x80);
  if (start + 4 > inode.length || inode.readUInt32LE(start) !== MAGIC) return [];
  return readEntries(inode, start + 4, start + 4);
}

/** Entries follow each other until one is empty; values lie at offsets from `base`. */
function readEntries(bytes: Buffer, first: number, base: number): Attribute[] {
  const attributes: Attribute[] = [];
  for (let at = first; at + 16 <= bytes.length && bytes.readUInt32LE(at) !== 0; ) {
    const [length, prefix] = [bytes.readUInt8(at), bytes.readUInt8(at + 1)];
    const [offset, size] = [base + bytes.readUInt16LE(at + 2), bytes.readUInt32LE(at + 8)];
    const name = `${PREFIXES[prefix] ?? `${prefix}.`}${bytes.toString("latin1", at + 16, at + 16 + length)}`;
    const value = Buffer.from(bytes.subarray(offset, offset + size));
    attributes.push({ name, value: name === ACCESS || name === DEFAULT ? aclFromExt4(value) : value });
    at += (16 + length + 3) & ~3;
  }
  return attributes;
}
