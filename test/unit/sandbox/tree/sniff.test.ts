import { expect, test } from "vitest";
import { kindOf } from "../../../../sandbox/tree/sniff.ts";

function at(offset: number, ...bytes: number[]): Buffer {
  return Buffer.concat([Buffer.alloc(offset), Buffer.from(bytes), Buffer.alloc(16)]);
}

test.each([
  ["disk", Buffer.concat([Buffer.alloc(512), Buffer.from("EFI PART")])],
  ["disk", Buffer.concat([Buffer.alloc(4096), Buffer.from("EFI PART")])],
  ["squashfs", Buffer.from("hsqs")],
  ["erofs", at(1024, 0xe2, 0xe1, 0xf5, 0xe0)],
  ["ext4", at(1080, 0x53, 0xef)],
  ["btrfs", Buffer.concat([Buffer.alloc(65_600), Buffer.from("_BHRfS_M")])],
  ["xfs", Buffer.from("XFSB")],
  ["archive", Buffer.concat([Buffer.alloc(257), Buffer.from("ustar  \0")])],
  ["compressed", at(0, 0x28, 0xb5, 0x2f, 0xfd)],
  ["compressed", at(0, 0x1f, 0x8b, 8)],
  ["other", Buffer.from("#!/bin/sh\n")],
  ["other", Buffer.alloc(0)],
])("%s", (kind, start) => {
  expect(kindOf(start)).toBe(kind);
});
