import { expect, test } from "vitest";
import { inodesFor, neededBlocks } from "../../../../sandbox/filesystems/ext4-size.ts";
import type { TreeEntry } from "../../../../sandbox/tree/entries.ts";

const ROOT: TreeEntry = {
  ...{ path: "", kind: "directory", mode: 0o755, uid: 0, gid: 0, mtime: 0, size: 0 },
  xattrs: new Map(),
};
const file = (path: string, size: number, more: Partial<TreeEntry> = {}): TreeEntry => {
  return { ...ROOT, path, kind: "file", size, ...more };
};
const MIB = 256;
/** lost+found, the root, and the room that is left. */
const EMPTY = 4 + 2 + 16 * MIB;
/** A tenth of what is taken is left free as well. */
const needed = (...entries: TreeEntry[]) => neededBlocks([ROOT, ...entries]);

test.each<[string, TreeEntry[], number]>([
  ["nothing", [], 6],
  ["a byte", [file("a", 1)], 7],
  ["a block and a byte", [file("a", 4097)], 8],
  ["another name of a file", [file("a", 1), file("b", 0, { linkTo: "a" })], 7],
  ["a link in its inode", [file("a", 0, { kind: "symlink", target: Buffer.alloc(59) })], 6],
  ["a longer link", [file("a", 0, { kind: "symlink", target: Buffer.alloc(60) })], 7],
  ["an attribute in its inode", [file("a", 0, { xattrs: new Map([["security.selinux", Buffer.alloc(40)]]) })], 6],
  ["a larger one", [file("a", 0, { xattrs: new Map([["user.x", Buffer.alloc(100)]]) })], 7],
  ["a file in more pieces than an inode points to", [file("a", 400 * MIB * 4096)], 6 + 400 * MIB + 2],
])("%s", (_, entries, blocks) => {
  expect(needed(...entries)).toBe(blocks + 16 * MIB + Math.min(Math.ceil(blocks / 10), 64 * MIB));
});

test("a folder of many names", () => {
  const names = Array.from({ length: 1000 }, (_, index) => file(`name-of-a-file-${index + 1000}`, 0));
  // 28 bytes each; 4084 of a block are for names.
  expect(needed(...names) - EMPTY).toBe(7 - 1 + 2);
});

test("as many inodes as mke2fs would make, or as are needed", () => {
  expect(inodesFor([ROOT], 4096)).toBe(1024);
  expect(inodesFor(Array(2000).fill(ROOT), 4096)).toBe(Math.ceil(2016 * 1.05));
});
