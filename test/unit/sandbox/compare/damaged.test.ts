import { expect, test } from "vitest";
import { Bytes, Mapped } from "../../../../sandbox/compare/blob.ts";
import { reading } from "../../../../sandbox/compare/damaged.ts";
import { between, told } from "./comparing.ts";

/** A superblock of ext4 whose table of inodes lies behind the end. */
function ext4(last: number): Buffer {
  const image = Buffer.alloc(8192);
  image.writeUInt32LE(16, 1024);
  image.writeUInt32LE(1, 1024 + 0x14);
  image.writeUInt32LE(16, 1024 + 0x28);
  image.writeUInt16LE(0xef53, 1024 + 0x38);
  image.writeUInt32LE(1000, 1024 + 1024 + 8);
  image.writeUInt8(last, image.length - 1);
  return image;
}

test("a file system that is cut off is told of, and ends nothing", async () => {
  expect((await between(ext4(1), ext4(2))).map(told)).toEqual(["ext4 > the ext4 file system is damaged: 01 -> 02"]);
});

test("a file of XFS that is nothing but its magic", async () => {
  const image = (last: string) => Buffer.from(`XFSB${"\0".repeat(600)}${last}`);
  expect((await between(image("a"), image("b"))).map(told)).toEqual([
    'xfs > the XFS file system is damaged: "a" -> "b"',
  ]);
});

test("pieces that lie behind the end", () => {
  const mapped = new Mapped(new Bytes(Buffer.from("abc")), [{ at: 0, length: 4, source: 1 }]);
  expect(() => mapped.read(0, 4)).toThrow("the content of a file is damaged");
  expect(mapped.read(0, 2).toString()).toBe("bc");
});

test("other mistakes stay what they are", () => {
  expect(reading("x", () => 1)).toBe(1);
  expect(() => reading("x", () => Buffer.alloc(1).readUInt16LE(0))).toThrow("the x is damaged");
  expect(() =>
    reading("x", () => {
      throw new TypeError("y");
    }),
  ).toThrow(TypeError);
});
