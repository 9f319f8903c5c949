import { expect, test } from "vitest";
import { fat32Options, leastFat32, requireFat32 } from "../../../../sandbox/partitions/fat32.ts";

const MIB = 1024 ** 2;
const esp = (mib: number) => [{ type: "esp", raw_size: mib * MIB }];
const disk = { name: "main", sectorSize: undefined, environment: {} };

test.each([
  [512, 36],
  [2048, 132],
  [4096, 260],
])("with sectors of %i bytes a FAT32 has at least %i MiB", (sectorSize, mib) => {
  expect(leastFat32(sectorSize)).toBe(mib * MIB);
});

test("a small ESP gets small sectors, where the disk's are not given", () => {
  expect(fat32Options(disk, esp(128))).toEqual(["-S", "512"]);
  expect(fat32Options(disk, [...esp(512), { type: "xbootldr", raw_size: 100 * MIB }])).toEqual(["-S", "512"]);
  expect(fat32Options(disk, esp(260))).toEqual([]);
  expect(fat32Options(disk, [{ type: "swap", raw_size: MIB }])).toEqual([]);
  expect(fat32Options({ ...disk, sectorSize: 4096 }, esp(128))).toEqual([]);
});

test("one that firmware cannot read is refused", () => {
  expect(() => requireFat32({ ...disk, sectorSize: 4096 }, esp(128))).toThrow(
    expect.objectContaining({
      code: "esp-too-small",
      message: "main: the ESP has 128 MiB, and firmware reads no FAT32 of less than 260 MiB with sectors of 4096 bytes",
      hint: "set SizeMinBytes=260M in the definition of the ESP (repart.d(5))",
    }),
  );
  expect(() => requireFat32(disk, esp(20))).toThrow(
    "main: the ESP has 20 MiB, and firmware reads no FAT32 of less than 36 MiB",
  );
});

test("but not where it is large enough, or the user says what it is made with, or there is none", () => {
  expect(() => requireFat32(disk, esp(36))).not.toThrow();
  expect(() => requireFat32({ ...disk, sectorSize: 4096 }, esp(260))).not.toThrow();
  const environment = { SYSTEMD_REPART_MKFS_OPTIONS_VFAT: "-F 16" };
  expect(() => requireFat32({ ...disk, environment }, esp(20))).not.toThrow();
  expect(() => requireFat32(disk, [])).not.toThrow();
});
