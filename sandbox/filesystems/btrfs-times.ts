/**
 * Times of access and change, which mkfs.btrfs takes from the folder that it reads: nobody can choose those of a file. The
 * layout is that of "On-disk Format" in the documentation of btrfs-progs.
 */
import { type FileHandle, open } from "node:fs/promises";
import { crc32c } from "./crc32c.ts";

/** Sets both to the epoch in all inodes, and clears what was left of earlier ones. `epoch` in seconds. */
export async function setTimes(file: string, epoch: number): Promise<void> {
  const handle = await open(file, "r+");
  try {
    const { buffer: superblock } = await handle.read(Buffer.alloc(4096), 0, 4096, 0x10000);
    const nodeSize = superblock.readUInt32LE(0x94);
    const id = superblock.subarray(0x20, 0x30);
    const { size } = await handle.stat();
    for await (const { node, position } of nodes(handle, { size, nodeSize, id })) {
      if (!setNodeTimes(node, epoch)) continue;
      node.writeUInt32LE(crc32c(node.subarray(0x20)), 0);
      await handle.write(node, 0, nodeSize, position);
    }
  } finally {
    await handle.close();
  }
}

/** Chunks of metadata are aligned to this. */
const ALIGNMENT = 4096;
const WINDOW = 4 << 20;

/** Everything that looks like a node of a tree: it names the filesystem, and its own checksum is right. */
async function* nodes(handle: FileHandle, disk: { size: number; nodeSize: number; id: Buffer }) {
  const buffer = Buffer.alloc(WINDOW + disk.nodeSize);
  for (let start = 0; start < disk.size; start += WINDOW) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
    for (let at = 0; at < WINDOW && at + disk.nodeSize <= bytesRead; at += ALIGNMENT) {
      if (!buffer.subarray(at + 0x20, at + 0x30).equals(disk.id)) continue;
      const node = buffer.subarray(at, at + disk.nodeSize);
      if (crc32c(node.subarray(0x20)) === node.readUInt32LE(0)) yield { node, position: start + at };
    }
  }
}

const HEADER = 101;
const ITEM = 25;
const POINTER = 33;
const INODE_ITEM = 1;

/**
 * Sets the times of the inodes in a leaf, and clears what moved items have left behind in any node: old times may be in
 * it. Returns false where nothing was to be done.
 */
function setNodeTimes(node: Buffer, epoch: number): boolean {
  const count = node.readUInt32LE(96);
  if (node.readUInt8(100) !== 0) return clear(node, HEADER + count * POINTER, node.length);
  let changed = false;
  let lowest = node.length - HEADER;
  for (let index = 0; index < count; index++) {
    const item = HEADER + index * ITEM;
    const offset = node.readUInt32LE(item + 17);
    lowest = Math.min(lowest, offset);
    if (node.readUInt8(item + 8) !== INODE_ITEM) continue;
    for (const field of [112, 124]) {
      node.writeBigUInt64LE(BigInt(epoch), HEADER + offset + field);
      node.writeUInt32LE(0, HEADER + offset + field + 8);
    }
    changed = true;
  }
  return clear(node, HEADER + count * ITEM, HEADER + lowest) || changed;
}

function clear(node: Buffer, start: number, end: number): boolean {
  const rest = node.subarray(start, end);
  if (rest.every((byte) => byte === 0)) return false;
  rest.fill(0);
  return true;
}
