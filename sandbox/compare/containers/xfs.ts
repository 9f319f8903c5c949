/** XFS (XFS Algorithms & Data Structures): the superblock here, the tree in xfs-tree.ts. */
import type { Container } from "../comparer.ts";
import { derived, fields } from "../fields.ts";
import { compareTrees } from "../trees.ts";
import { readXfs } from "./xfs-tree.ts";

const MAGIC = "XFSB";

export const xfs: Container = {
  place: { kind: "filesystem", name: "xfs" },
  detects: (blob) => blob.read(0, MAGIC.length).toString("latin1") === MAGIC,
  fields: [
    ...fields([4, 4, "block size", "big-endian"], [8, 8, "blocks", "big-endian"], [32, 16, "uuid", "uuid"]),
    ...fields([100, 2, "version", "hex"], [102, 2, "sector size", "big-endian"], [104, 2, "inode size", "big-endian"]),
    ...fields([84, 4, "allocation group size", "big-endian"], [88, 4, "allocation groups", "big-endian"]),
    ...fields([96, 4, "log blocks", "big-endian"], [108, 12, "label", "text"], [208, 4, "features", "hex"]),
    ...derived(
      [56, 8, "root inode", "big-endian"],
      [128, 8, "inodes", "big-endian"],
      [136, 8, "free inodes", "big-endian"],
    ),
    ...derived(
      [144, 8, "free blocks", "big-endian"],
      [224, 4, "checksum", "hex"],
      [240, 8, "log sequence number", "hex"],
    ),
  ],
  compare: async ({ a, b }, place, comparer) => {
    await compareTrees({ a: readXfs(a), b: readXfs(b) }, place, comparer);
  },
  locate: (blob, offset) => {
    const blockSize = blob.read(4, 4).readUInt32BE(0);
    const groupBlocks = blob.read(84, 4).readUInt32BE(0);
    const block = Math.floor(offset / blockSize);
    return `block ${block % groupBlocks} of allocation group ${Math.floor(block / groupBlocks)}`;
  },
};
