import { expect, test } from "vitest";
import { deviceNumbers } from "../../../../sandbox/tree/device-numbers.ts";

test.each([
  [0, 0, 0],
  [0x103, 1, 3],
  [0x801, 8, 1],
  [0x1_0000_00ff, 0, 0x10_00ff],
  [0x1000_0000_0001, 0x1000, 1],
  [0x10_0000 + 0x500, 5, 256],
  [0xfff_ff, 0xfff, 0xff],
])("device %d is %d:%d", (device, major, minor) => {
  expect(deviceNumbers(device)).toEqual({ major, minor });
});
