/** FAT12, FAT16 and FAT32 (Microsoft's "FAT32 File System Specification", 1.03). */
import type { Blob } from "../blob.ts";
import type { Container } from "../comparer.ts";
import { derived, fields } from "../fields.ts";
import { compareTrees } from "../trees.ts";
import { Fat } from "./fat-tree.ts";

const COMMON = [
  ...fields([0x03, 8, "system", "text"], [0x0b, 2, "sector size"], [0x0d, 1, "sectors per cluster"]),
  ...fields([0x0e, 2, "reserved sectors"], [0x10, 1, "FATs"], [0x11, 2, "root entries"], [0x13, 2, "sectors"]),
  ...fields(
    [0x15, 1, "media", "hex"],
    [0x16, 2, "sectors per FAT"],
    [0x18, 2, "sectors per track"],
    [0x1a, 2, "heads"],
  ),
  ...fields([0x1c, 4, "hidden sectors"], [0x20, 4, "sectors, wide"]),
  ...derived([0x00, 3, "jump", "hex"]),
];
const SMALL = [
  ...COMMON,
  ...fields([0x24, 1, "drive"], [0x27, 4, "volume id", "hex"], [0x2b, 11, "label", "text"], [0x36, 8, "type", "text"]),
];
const LARGE = [
  ...COMMON,
  ...fields([0x24, 4, "sectors per FAT, wide"], [0x2c, 4, "root cluster"], [0x30, 2, "information sector"]),
  ...fields([0x32, 2, "backup sector"], [0x40, 1, "drive"], [0x43, 4, "volume id", "hex"], [0x47, 11, "label", "text"]),
];

function fat(name: string, table: typeof COMMON, detects: (blob: Blob) => boolean): Container {
  return {
    place: { kind: "filesystem", name },
    detects: (blob) => isBootSector(blob) && detects(blob),
    fields: table,
    compare: async ({ a, b }, place, comparer) => {
      await compareTrees({ a: new Fat(a).tree(), b: new Fat(b).tree() }, place, comparer);
    },
    locate: (blob, offset) => new Fat(blob).locate(offset),
  };
}

function isBootSector(blob: Blob): boolean {
  const sector = blob.read(0, 512);
  if (sector.length < 512 || sector.readUInt16LE(510) !== 0xaa55) return false;
  return [512, 1024, 2048, 4096].includes(sector.readUInt16LE(0x0b)) && [1, 2].includes(sector.readUInt8(0x10));
}

export const fat32 = fat("vfat", LARGE, (blob) => blob.read(0x16, 2).readUInt16LE(0) === 0);
export const fat16 = fat("vfat", SMALL, (blob) => blob.read(0x36, 3).toString("latin1") === "FAT");
