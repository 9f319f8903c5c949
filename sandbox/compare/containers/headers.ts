/** What has a header that says something, and content that does not. */
import type { Container } from "../comparer.ts";
import { derived, type Field, fields } from "../fields.ts";

interface Header {
  name: string;
  magic: { at: number; hex: string };
  headerAt?: number;
  fields: readonly Field[];
  /** What lies behind the header. */
  rest: string;
}

function header({ name, magic, headerAt = 0, fields: table, rest }: Header): Container {
  return {
    place: { kind: "filesystem", name },
    detects: (blob) => blob.read(magic.at, magic.hex.length / 2).toString("hex") === magic.hex,
    fields: table,
    headerAt,
    locate: () => rest,
  };
}

/** https://gitlab.com/cryptsetup/cryptsetup/-/wikis/DMVerity */
const verity = header({
  name: "dm-verity",
  magic: { at: 0, hex: Buffer.from("verity\0\0").toString("hex") },
  fields: [
    ...fields([8, 4, "version"], [12, 4, "hash type"], [16, 16, "uuid", "uuid"], [32, 32, "algorithm", "text"]),
    ...fields([64, 4, "data block size"], [68, 4, "hash block size"], [72, 8, "data blocks"], [80, 2, "salt size"]),
    ...fields([88, 256, "salt", "hex"]),
  ],
  rest: "hash tree",
});

/** LUKS2 On-Disk Format Specification, chapter 2. */
const luks = header({
  name: "LUKS",
  magic: { at: 0, hex: Buffer.from("LUKS\xba\xbe", "latin1").toString("hex") },
  fields: [
    ...fields([6, 2, "version", "big-endian"], [24, 48, "label", "text"], [72, 32, "checksum algorithm", "text"]),
    ...fields([168, 40, "uuid", "text"], [208, 48, "subsystem", "text"]),
    ...derived([16, 8, "sequence number", "big-endian"], [104, 64, "salt", "hex"], [448, 64, "checksum", "hex"]),
  ],
  rest: "keys and encrypted content",
});

/** mkswap(8) of util-linux, for pages of 4096 bytes. */
const swap = header({
  name: "swap",
  magic: { at: 4086, hex: Buffer.from("SWAPSPACE2").toString("hex") },
  headerAt: 1024,
  fields: fields([0, 4, "version"], [4, 4, "last page"], [12, 16, "uuid", "uuid"], [28, 16, "label", "text"]),
  rest: "pages",
});

/** XFS Algorithms & Data Structures, "Superblocks". */
const xfs = header({
  name: "xfs",
  magic: { at: 0, hex: Buffer.from("XFSB").toString("hex") },
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
  rest: "data and metadata",
});

export const headers: readonly Container[] = [verity, luks, swap, xfs];
