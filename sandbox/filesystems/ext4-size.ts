import type { TreeEntry } from "../tree/entries.ts";

/** Bytes. */
export const BLOCK = 4096;

const MIB = (1 << 20) / BLOCK;

/** What a filesystem that can be written to has free: 16 MiB, and a tenth of its content up to 64 MiB. */
function room(content: number): number {
  return 16 * MIB + Math.min(Math.ceil(content / 10), 64 * MIB);
}

/** How many blocks the content takes, with some room. Without the tables of the filesystem itself. */
export function neededBlocks(entries: readonly TreeEntry[]): number {
  const folders = folderBytes(entries);
  let blocks = 4;
  for (const entry of entries) {
    if (entry.linkTo !== undefined) continue;
    if (entry.kind === "file") blocks += fileBlocks(entry.size);
    if (entry.kind === "directory") blocks += Math.ceil((folders.get(entry.path) ?? 24) / (BLOCK - 12)) + 1;
    if (entry.kind === "symlink" && (entry.target?.length ?? 0) >= 60) blocks++;
    if (xattrBytes(entry) > IN_INODE) blocks++;
  }
  return blocks + room(blocks);
}

/** One block of extents is enough for 340 pieces, of up to 128 MiB each; the inode itself has room for four. */
function fileBlocks(size: number): number {
  const blocks = Math.ceil(size / BLOCK);
  const pieces = Math.ceil(blocks / 32768);
  return blocks + (pieces > 2 ? 1 + Math.ceil(pieces / 340) : 0);
}

/** What the names in each folder take: eight bytes, and the name up to the next multiple of four. */
function folderBytes(entries: readonly TreeEntry[]): Map<string, number> {
  const bytes = new Map<string, number>();
  for (const { path } of entries) {
    const at = path.lastIndexOf("/");
    const folder = at < 0 ? "" : path.slice(0, at);
    bytes.set(folder, (bytes.get(folder) ?? 24) + 8 + Math.ceil((path.length - at - 1) / 4) * 4);
  }
  return bytes;
}

/** Of an inode of 256 bytes. */
const IN_INODE = 92;

function xattrBytes({ xattrs }: TreeEntry): number {
  let bytes = xattrs.size > 0 ? 4 : 0;
  for (const [name, value] of xattrs) bytes += 16 + align(name.length - name.indexOf(".") - 1) + align(value.length);
  return bytes;
}

function align(length: number): number {
  return Math.ceil(length / 4) * 4;
}

/** mke2fs's own number, one for 16 KiB, unless the content needs more. */
export function inodesFor(entries: readonly TreeEntry[], blocks: number): number {
  const used = entries.filter(({ linkTo }) => linkTo === undefined).length + 16;
  return Math.max(Math.ceil((blocks * BLOCK) / 16384), Math.ceil(used * 1.05));
}
