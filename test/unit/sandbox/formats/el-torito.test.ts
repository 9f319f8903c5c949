import { expect, test } from "vitest";
import { EL_TORITO_AREA, elTorito } from "../../../../sandbox/formats/el-torito.ts";

const BLOCK = 2048;
const area = elTorito({
  size: 300 * 1024 ** 2,
  esp: 1024 ** 2,
  epoch: Date.UTC(2024, 1, 29, 12, 34, 56) / 1000,
  system: "LINUX",
  volume: "DEMO 1",
  publisher: "Someone",
});
const block = (index: number) => area.subarray((index - 16) * BLOCK, (index - 15) * BLOCK);
const text = (buffer: Buffer, start: number, length: number) => buffer.toString("latin1", start, start + length);

test("it lies behind the partition table, and before the first partition", () => {
  expect(EL_TORITO_AREA).toEqual({ start: 32 * 1024, end: 46 * 1024 });
  expect(area).toHaveLength(14 * 1024);
});

test("descriptors: the volume, the boot record, the end", () => {
  expect([16, 17, 18].map((index) => [block(index)[0], text(block(index), 1, 5), block(index)[6]])).toEqual([
    [1, "CD001", 1],
    [0, "CD001", 1],
    [255, "CD001", 1],
  ]);
});

test("the volume has the disk's size, its fields, and the time of the epoch", () => {
  const volume = block(16);
  expect(text(volume, 8, 32)).toBe("LINUX".padEnd(32));
  expect(text(volume, 40, 32)).toBe("DEMO 1".padEnd(32));
  expect(text(volume, 318, 128)).toBe("Someone".padEnd(128));
  expect([volume.readUInt32LE(80), volume.readUInt32BE(84)]).toEqual([153_600, 153_600]);
  expect([volume.readUInt16LE(128), volume.readUInt16BE(130)]).toEqual([BLOCK, BLOCK]);
  expect(text(volume, 813, 17)).toBe("2024022912345600\0");
  expect(text(volume, 847, 17)).toBe("0000000000000000\0");
});

test("the boot record leads to the catalog, whose words add up to nothing, and that to the ESP", () => {
  expect(text(block(17), 7, 23)).toBe("EL TORITO SPECIFICATION");
  expect(block(17).readUInt32LE(71)).toBe(19);
  const catalog = block(19);
  const words = Array.from({ length: 16 }, (_, index) => catalog.readUInt16LE(2 * index));
  expect(words.reduce((sum, word) => (sum + word) & 0xffff)).toBe(0);
  expect([catalog[0], catalog[1], catalog[30], catalog[31]]).toEqual([1, 0xef, 0x55, 0xaa]);
  // Bootable, not emulated, all sectors up to the end.
  expect([catalog[32], catalog[33], catalog.readUInt16LE(38), catalog.readUInt32LE(40)]).toEqual([0x88, 0, 0, 512]);
});

test("the root folder is empty, and its own parent", () => {
  const folder = block(20);
  expect([folder[0], folder[33], folder[34], folder[67], folder[68]]).toEqual([34, 0, 34, 1, 0]);
  expect([folder.readUInt32LE(2), folder.readUInt32BE(6), folder[25]]).toEqual([20, 20, 2]);
  expect([...folder.subarray(18, 25)]).toEqual([124, 2, 29, 12, 34, 56, 0]);
});
