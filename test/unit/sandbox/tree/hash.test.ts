import { chmod, link, lutimes, mkdir, mkdtemp, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fileHash, sha256, treeHash, valueHash } from "../../../../sandbox/tree/hash.ts";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "caisson-hash-"));
  await mkdir(join(root, "folder"), { mode: 0o755 });
  await writeFile(join(root, "folder/file"), "content", { mode: 0o644 });
  await symlink("folder/file", join(root, "link"));
});
afterEach(() => rm(root, { recursive: true }));

const at = (path: string) => join(root, path);

test.each<[string, () => Promise<unknown>]>([
  ["content", () => writeFile(at("folder/file"), "Content")],
  ["more content", () => writeFile(at("folder/file"), "content\n")],
  ["a file's mode", () => chmod(at("folder/file"), 0o755)],
  ["a folder's mode", () => chmod(at("folder"), 0o700)],
  ["a link's target", () => rm(at("link")).then(() => symlink("folder", at("link")))],
  ["a link that becomes a file", () => rm(at("link")).then(() => writeFile(at("link"), "folder/file"))],
  ["a name", () => rename(at("folder/file"), at("folder/File"))],
  ["a place", () => rename(at("folder/file"), at("file"))],
  ["a new empty folder", () => mkdir(at("new"))],
])("%s changes a tree's hash", async (_title, change) => {
  const before = await treeHash(root);
  await change();
  expect(await treeHash(root)).not.toBe(before);
});

test("times do not change a tree's hash", async () => {
  const before = await treeHash(root);
  for (const path of ["folder/file", "folder", "link"]) await lutimes(at(path), 1, 1);
  expect(await treeHash(root)).toBe(before);
});

test("two names of one file are not two files", async () => {
  await link(at("folder/file"), at("second"));
  const linked = await treeHash(root);
  await rm(at("second"));
  await writeFile(at("second"), "content", { mode: 0o644 });
  expect(await treeHash(root)).not.toBe(linked);
});

test("owners count where they are asked for", async () => {
  const [plain, owned] = [await treeHash(root), await treeHash(root, { owners: true })];
  expect(owned).not.toBe(plain);
  expect(await treeHash(root, { owners: true })).toBe(owned);
});

test("extended attributes count", async () => {
  const xattrs = (value: string) => new Map([["folder/file", new Map([["user.a", Buffer.from(value)]])]]);
  const hashes = [await treeHash(root)];
  for (const value of ["1", "2"]) hashes.push(await treeHash(root, { xattrs: xattrs(value) }));
  expect(new Set(hashes).size).toBe(3);
});

test("a file that is mostly holes is left to its own hash", async () => {
  await writeFile(at("holes"), "");
  await truncate(at("holes"), 1 << 30);
  const asked: string[] = [];
  const sparse = async (file: Buffer) => `${asked.push(file.toString())}`;
  await treeHash(root, { sparse });
  expect(asked).toEqual([at("holes")]);
});

test("a tree may be a file; one that is read in pieces as well", async () => {
  const large = Buffer.alloc((1 << 20) + 1, "x");
  await writeFile(at("large"), large);
  expect(await fileHash(at("large"))).toBe(sha256(large));
  const before = await treeHash(at("large"));
  await writeFile(at("large"), Buffer.concat([large.subarray(1), Buffer.from("y")]));
  expect(await treeHash(at("large"))).not.toBe(before);
});

test("SHA-256 as sha256sum(1) prints it", () => {
  expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

test.each<[unknown, unknown]>([
  [
    { a: 1, b: { c: 2, d: 3 } },
    { b: { d: 3, c: 2 }, a: 1 },
  ],
  [[{ a: 1, b: 2 }], [{ b: 2, a: 1 }]],
  [{ a: 1, b: undefined }, { a: 1 }],
])("%j has the same hash as %j", (one, other) => {
  expect(valueHash(one)).toBe(valueHash(other));
});

test.each<[unknown, unknown]>([
  [
    [1, 2],
    [2, 1],
  ],
  [{ a: 1 }, { a: "1" }],
  [{ a: null }, {}],
  [{ a: { b: 1 } }, { a: 1, b: 1 }],
])("%j has another hash than %j", (one, other) => {
  expect(valueHash(one)).not.toBe(valueHash(other));
});
