import { expect, test } from "vitest";
import { Bytes, firstDifference, Mapped } from "../../../../sandbox/compare/blob.ts";

const bytes = (text: string) => new Bytes(Buffer.from(text));

test.each([
  ["same", "same", undefined],
  ["abc", "abd", 2],
  ["abc", "abcd", 3],
  ["", "a", 0],
  ["", "", undefined],
])("%s and %s begin to differ at %s", async (a, b, offset) => {
  expect(await firstDifference(bytes(a), bytes(b))).toBe(offset);
});

test("a difference far behind the first chunk", async () => {
  const [a, b] = [Buffer.alloc(3 << 20), Buffer.alloc(3 << 20)];
  b[2_500_000] = 1;
  expect(await firstDifference(new Bytes(a), new Bytes(b))).toBe(2_500_000);
});

test("pieces of another blob, with holes between them that read as zeros", () => {
  const pieces = [
    { at: 0, length: 2, source: 4 },
    { at: 4, length: 2, source: 0 },
    { at: 6, length: 2, source: undefined },
  ];
  const mapped = new Mapped(bytes("abcdef"), pieces, 10);
  expect(mapped.read(0, 100).toString("latin1")).toBe("ef\0\0ab\0\0\0\0");
  expect(mapped.read(5, 2).toString("latin1")).toBe("b\0");
  expect(mapped.slice(1, 4).read(0, 4).toString("latin1")).toBe("f\0\0a");
});

test("a part ends where its blob ends", () => {
  expect(bytes("abc").slice(2, 10).size).toBe(1);
  expect(bytes("abc").slice(9).size).toBe(0);
  expect(bytes("abc").read(2, 10).toString()).toBe("c");
});
