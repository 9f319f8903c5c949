import { fieldAt, fields } from "../fields.ts";
import { kindOf, shownName } from "../tree.ts";
import type { Ext4 } from "./ext4-inodes.ts";

/** struct ext4_inode. */
const INODE = fields(
  [0x00, 2, "mode"],
  [0x02, 2, "owner"],
  [0x04, 4, "size"],
  [0x08, 4, "atime"],
  [0x0c, 4, "ctime"],
  [0x10, 4, "mtime"],
  [0x14, 4, "deletion time"],
  [0x18, 2, "group"],
  [0x1a, 2, "links"],
  [0x1c, 4, "blocks"],
  [0x20, 4, "flags"],
  [0x24, 4, "version"],
  [0x28, 60, "block map"],
  [0x64, 4, "generation"],
  [0x68, 4, "attribute block"],
  [0x7c, 2, "checksum"],
  [0x82, 2, "checksum"],
  [0x90, 4, "creation time"],
);
/** Inodes without a name. */
const RESERVED: Record<number, string> = { 7: "blocks reserved for growing", 8: "journal" };

/** What an offset of a file system belongs to: `inode 12, generation`, `folder /etc`. */
export function placeInExt4(filesystem: Ext4, offset: number): string {
  const { groups, descriptors, descriptorSize } = filesystem;
  if (offset < 1024) return "boot block";
  if (offset < 2048) return "superblock";
  const descriptor = Math.floor((offset - descriptors) / descriptorSize);
  if (descriptor >= 0 && descriptor < groups) return `descriptor of group ${descriptor}`;
  for (let group = 0; group < groups; group++) {
    const found = inGroup(filesystem, group, offset);
    if (found !== undefined) return found;
  }
  return owner(filesystem, offset) ?? `block ${Math.floor(offset / filesystem.blockSize)}, which nothing uses`;
}

function inGroup(filesystem: Ext4, group: number, offset: number): string | undefined {
  const { inodesPerGroup, inodeSize, blockSize } = filesystem;
  const within = offset - filesystem.structure(group, 0x08, 0x28);
  if (within >= 0 && within < inodesPerGroup * inodeSize) {
    const number = group * inodesPerGroup + Math.floor(within / inodeSize) + 1;
    const field = fieldAt(INODE, within % inodeSize);
    return `inode ${number}${field === undefined ? "" : `, ${field}`}`;
  }
  const isIn = (start: number) => offset >= start && offset < start + blockSize;
  if (isIn(filesystem.structure(group, 0x00, 0x20))) return `block bitmap of group ${group}`;
  return isIn(filesystem.structure(group, 0x04, 0x24)) ? `inode bitmap of group ${group}` : undefined;
}

/** The file whose block it is. Whatever a name leads to is the same in both: a folder differs in order, a file behind its end. */
function owner(filesystem: Ext4, offset: number): string | undefined {
  const has = (pieces: ReturnType<Ext4["pieces"]>) =>
    pieces.some(({ source, length }) => source !== undefined && offset >= source && offset < source + length);
  for (const [number, name] of Object.entries(RESERVED))
    if (has(filesystem.pieces(filesystem.inode(Number(number))))) return name;
  for (const [path, inode] of filesystem.walk()) {
    const kind = kindOf(inode.mode);
    if ((kind !== "file" && kind !== "directory") || !has(filesystem.pieces(inode))) continue;
    const name = `/${shownName(path)}`;
    return kind === "directory" ? `order of the folder ${name}` : `rest of the last block of ${name}`;
  }
  return undefined;
}
