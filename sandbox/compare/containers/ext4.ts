/** ext2, ext3 and ext4 (https://docs.kernel.org/filesystems/ext4/): the superblock here, the tree in ext4-tree.ts. */
import type { Container } from "../comparer.ts";
import { reading } from "../damaged.ts";
import { derived, fields } from "../fields.ts";
import { compareTrees } from "../trees.ts";
import { Ext4 } from "./ext4-inodes.ts";
import { placeInExt4 } from "./ext4-place.ts";
import { EXT4, readExt4 } from "./ext4-tree.ts";

export const SUPERBLOCK = 1024;

const FIELDS = [
  ...fields([0x00, 4, "inodes"], [0x04, 4, "blocks"], [0x08, 4, "reserved blocks"], [0x18, 4, "block size"]),
  ...fields([0x20, 4, "blocks per group"], [0x28, 4, "inodes per group"], [0x36, 2, "maximal mount count"]),
  ...fields([0x3c, 2, "errors behaviour"], [0x44, 4, "check interval"], [0x48, 4, "creator system"]),
  ...fields([0x4c, 4, "revision"], [0x50, 2, "default reserved uid"], [0x52, 2, "default reserved gid"]),
  ...fields(
    [0x58, 2, "inode size"],
    [0x5c, 4, "compatible features", "hex"],
    [0x60, 4, "incompatible features", "hex"],
  ),
  ...fields([0x64, 4, "read-only compatible features", "hex"], [0x68, 16, "uuid", "uuid"], [0x78, 16, "label", "text"]),
  ...fields([0x88, 64, "last mount point", "text"], [0xec, 16, "hash seed", "uuid"], [0xfc, 1, "hash version"]),
  ...fields(
    [0x100, 4, "default mount options", "hex"],
    [0x104, 4, "first meta group"],
    [0x108, 4, "creation time", "time"],
  ),
  ...fields([0x15c, 2, "minimal extra inode size"], [0x164, 2, "RAID stride"], [0x170, 4, "RAID stripe width"]),
  ...fields([0x174, 1, "flexible group size"], [0x200, 64, "mount options", "text"]),
  ...derived([0x0c, 4, "free blocks"], [0x10, 4, "free inodes"], [0x2c, 4, "last mount", "time"]),
  ...derived([0x30, 4, "last write", "time"], [0x34, 2, "mount count"], [0x3a, 2, "state"]),
  ...derived([0x40, 4, "last check", "time"], [0xd0, 16, "journal uuid", "uuid"], [0x150, 4, "blocks, high"]),
  ...derived(
    [0xce, 2, "reserved descriptor blocks"],
    [0xfd, 1, "journal backup type"],
    [0x10c, 68, "journal backup", "hex"],
  ),
  ...fields([0x258, 16, "encryption salt", "hex"]),
  ...derived([0x248, 4, "overhead blocks"], [0x24c, 8, "groups of backups", "hex"], [0x268, 4, "inode of lost+found"]),
  ...derived([0x160, 4, "flags", "hex"], [0x178, 8, "KiB written"], [0x270, 4, "checksum seed", "hex"]),
  ...derived([0x3fc, 4, "checksum", "hex"]),
];

export const ext4: Container = {
  place: { kind: "filesystem", name: "ext4" },
  detects: (blob) =>
    blob.read(SUPERBLOCK + 0x38, 2).toString("hex") === "53ef" && blob.read(SUPERBLOCK, 4).some(Boolean),
  fields: FIELDS,
  headerAt: SUPERBLOCK,
  compare: async ({ a, b }, place, comparer) => {
    await compareTrees({ a: readExt4(a), b: readExt4(b) }, place, comparer);
  },
  locate: (blob, offset) => reading(EXT4, () => placeInExt4(new Ext4(blob), offset)),
};
