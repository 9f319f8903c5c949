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

export const headers: readonly Container[] = [verity, luks, swap];
