import { existsSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeOwnedDirectory, writeWhole } from "../../../src/verbs/owned-files.ts";
import { folder } from "../config/folder.ts";

const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
const isRoot = own.uid === 0;

test("a file is written with its mode, and nothing is left beside it", async () => {
  const root = folder({ old: "old" });
  await writeWhole(join(root, "old"), "new", { mode: 0o600, owner: own });
  await writeWhole(join(root, "fresh"), "text", { mode: 0o644, owner: undefined });
  expect(readdirSync(root)).toEqual(["fresh", "old"]);
  expect(readFileSync(join(root, "old"), "utf8")).toBe("new");
  expect(statSync(join(root, "old")).mode & 0o777).toBe(0o600);
});

test("where it cannot be put in place, nothing is left and nothing is lost", async () => {
  const root = folder({ "taken/file": "" });
  await expect(writeWhole(join(root, "taken"), "x", { mode: 0o600, owner: own })).rejects.toThrow("EISDIR");
  expect(readdirSync(root)).toEqual(["taken"]);
  expect(readdirSync(join(root, "taken"))).toEqual(["file"]);
});

test("a link that points in a circle is an error", async () => {
  const root = folder({});
  symlinkSync("link", join(root, "link"));
  await expect(writeWhole(join(root, "link"), "x", { mode: 0o600, owner: own })).rejects.toThrow("ELOOP");
});

test("folders that exist are nobody's to give away", async () => {
  const root = folder({});
  const before = statSync(root).uid;
  await makeOwnedDirectory(root, { uid: before + 1, gid: 0 });
  expect(statSync(root).uid).toBe(before);
});

test.skipIf(!isRoot)("every folder that is made, and the file, belong to the owner (as root)", async () => {
  const root = folder({ "there/": "" });
  const owner = { uid: 1234, gid: 1235 };
  await makeOwnedDirectory(join(root, "there/a/b"), owner);
  await writeWhole(join(root, "there/a/b/c"), "", { mode: 0o600, owner });
  const ids = ["there", "there/a", "there/a/b", "there/a/b/c"].map((path) => statSync(join(root, path)).uid);
  expect(ids).toEqual([0, 1234, 1234, 1234]);
  expect(existsSync(join(root, "there/a/b/c"))).toBe(true);
});
