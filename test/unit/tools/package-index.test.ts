import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readLocked, readRelations } from "../../../src/tools/package-index.ts";

const HASH = "0".repeat(64);
const INDEX = `Package: tiny
Version: 1.0-1
Priority: optional
Description: not kept
Pre-Depends: libc6 (>= 2.38)
Depends: a | b,
 c
Filename: pool/main/t/tiny/tiny_1.0-1_all.deb
Size: 7
SHA256: ${HASH}

Package: base-files
Version: 13
Essential: yes
Provides: base

Package: tiny
Version: 1.0-2
Priority: required
Filename: pool/main/t/tiny/tiny_1.0-2_all.deb
Size: 8
SHA256: ${HASH}
`;

let folder: string;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "caisson-index-"));
  path = join(folder, "Packages.gz");
});
afterAll(() => rm(folder, { recursive: true }));

test("relations by name; the last of two versions counts", async () => {
  await writeFile(path, gzipSync(INDEX));
  const table = await readRelations(path);
  expect(table.find("tiny")).toEqual({
    name: "tiny",
    essential: false,
    priority: "required",
    provides: "",
    depends: "",
  });
  const base = { name: "base-files", essential: true, priority: "", provides: "base", depends: "" };
  expect(table.find("base-files")).toEqual(base);
  expect([...table.containing("base")]).toEqual([base]);
  expect(table.find("base")).toBeUndefined();
});

test("dependencies of both kinds", async () => {
  await writeFile(path, gzipSync(INDEX.replace(/\n\n.*/s, "\n")));
  expect((await readRelations(path)).find("tiny")?.depends).toBe("libc6,a | b, c");
});

test("what is locked of a package; others are not looked at", async () => {
  await writeFile(path, gzipSync(INDEX));
  expect([...(await readLocked(path, ["tiny", "unknown"]))]).toEqual([
    [
      "tiny",
      { name: "tiny", version: "1.0-2", filename: "pool/main/t/tiny/tiny_1.0-2_all.deb", size: 8, sha256: HASH },
    ],
  ]);
});

test("a package that lacks a field", async () => {
  await writeFile(path, gzipSync(INDEX));
  await expect(readLocked(path, ["base-files"])).rejects.toThrow(
    "the index has a package without filename: base-files",
  );
});

test("an index that is cut off", async () => {
  await writeFile(path, gzipSync(INDEX).subarray(0, -10));
  await expect(readRelations(path)).rejects.toThrow("unexpected end of file");
});
