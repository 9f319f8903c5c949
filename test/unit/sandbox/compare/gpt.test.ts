import { expect, test } from "vitest";
import { between, told } from "./comparing.ts";

const SECTOR = 512;

interface Disk {
  id?: string;
  partition?: string;
  name?: string;
  flags?: number;
  content?: string;
}

/** A disk of 64 sectors with one partition. */
function disk({ id = "11", partition = "22", name = "root", flags = 0, content = "" }: Disk = {}): Buffer {
  const bytes = Buffer.alloc(64 * SECTOR);
  bytes.write("EFI PART", SECTOR, "latin1");
  Buffer.from(id.repeat(16), "hex").copy(bytes, SECTOR + 56);
  bytes.writeBigUInt64LE(2n, SECTOR + 72);
  bytes.writeUInt32LE(4, SECTOR + 80);
  bytes.writeUInt32LE(128, SECTOR + 84);
  const entry = 2 * SECTOR;
  bytes.fill(0x44, entry, entry + 16);
  Buffer.from(partition.repeat(16), "hex").copy(bytes, entry + 16);
  bytes.writeBigUInt64LE(8n, entry + 32);
  bytes.writeBigUInt64LE(39n, entry + 40);
  bytes.writeUInt8(flags, entry + 48);
  bytes.write(name, entry + 56, "utf16le");
  bytes.write(content, 8 * SECTOR, "latin1");
  return bytes;
}

const differences = async (a: Buffer, b: Buffer) => (await between(a, b)).map(told);
const id = (digit: string) => [8, 4, 4, 4, 12].map((length) => digit.repeat(length)).join("-");

test.each<[string, Disk, string]>([
  ["the disk's id", { id: "12" }, `GPT > disk id: ${id("1")} -> 12121212-1212-1212-1212-121212121212`],
  ["a partition's id", { partition: "33" }, `GPT > 1 (root) > partition id: ${id("2")} -> ${id("3")}`],
  ["a partition's attributes", { flags: 4 }, "GPT > 1 (root) > attributes: 0000000000000000 -> 0400000000000000"],
  ["a partition's label", { name: "usr" }, "GPT > 1 (root) > label: root -> usr"],
  [
    "a partition's content",
    { content: "x" },
    `GPT > 1 (root) > content: ${"00 ".repeat(16).trim()} -> 78 ${"00 ".repeat(15).trim()}`,
  ],
])("%s", async (_what, changed, expected) => {
  expect(await differences(disk(), disk(changed))).toEqual([expected]);
});

test.each([
  [0, "boot code"],
  [500, "protective MBR"],
  [SECTOR + 16, "GPT header, header checksum"],
  [SECTOR + 24, "GPT header, reserved"],
  [2 * SECTOR + 300, "partition table"],
  [7 * SECTOR, "space between partitions"],
  [63 * SECTOR, "backup partition table"],
])("a byte at %i belongs to the %s", async (offset, what) => {
  const other = disk();
  other.writeUInt8(1, offset);
  expect(await between(disk(), other)).toMatchObject([{ kind: "bytes", what, offset }]);
});
