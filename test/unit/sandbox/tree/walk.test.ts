import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bytePath, onDisk, walk } from "../../../../sandbox/tree/walk.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "caisson-walk-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const paths = (from?: string) => [...walk(root, from)].map(({ path }) => path);

test("parents before children, siblings in byte order", () => {
  for (const name of ["b", "a", "a/z", "a/Z", "B"]) mkdirSync(join(root, name));
  for (const name of ["a/é", "a-b", "a/z/file"]) writeFileSync(join(root, name), "");
  expect(paths()).toEqual(["", "B", "a", "a/Z", "a/z", "a/z/file", `a/${bytePath("é")}`, "a-b", "b"]);
});

test("one folder of a tree, with paths from the root", () => {
  mkdirSync(join(root, "a/b"), { recursive: true });
  expect(paths("a")).toEqual(["a", "a/b"]);
});

test("links are entries, and not followed", () => {
  mkdirSync(join(root, "a"));
  writeFileSync(join(root, "a/file"), "");
  symlinkSync("a", join(root, "link"));
  symlinkSync("/nowhere", join(root, "broken"));
  expect(paths()).toEqual(["", "a", "a/file", "broken", "link"]);
});

test("names that are no UTF-8 survive", () => {
  const name = Buffer.from([0x66, 0xff, 0x80]);
  writeFileSync(Buffer.concat([Buffer.from(`${root}/`), name]), "content");
  expect(paths()).toEqual(["", "f\xff\x80"]);
  expect(onDisk(root, "f\xff\x80")).toEqual(Buffer.concat([Buffer.from(`${root}/`), name]));
});

test.each([
  ["", "/r"],
  ["a/b", "/r/a/b"],
  [bytePath("ä"), "/r/ä"],
])("%j on disk", (path, expected) => {
  expect(onDisk("/r", path).toString("utf8")).toBe(expected);
});
