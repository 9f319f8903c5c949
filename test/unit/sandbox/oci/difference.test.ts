import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { difference } from "../../../../sandbox/oci/difference.ts";
import { listEntries } from "../../../../sandbox/tree/entries.ts";

const top = mkdtempSync(join(tmpdir(), "caisson-difference-"));
afterAll(() => rmSync(top, { recursive: true }));

type Tree = Record<string, string | ((path: string) => void)>;
let count = 0;

/** Text, or what makes the entry; a name that ends with `/` is a folder. */
function tree(files: Tree): string {
  const root = join(top, String(++count));
  mkdirSync(root);
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(name.endsWith("/") ? path : dirname(path), { recursive: true });
    if (typeof content === "function") content(path);
    else if (!name.endsWith("/")) {
      writeFileSync(path, content);
      utimesSync(path, 100, 100);
    }
  }
  return root;
}

async function paths(before: Tree, after: Tree): Promise<string[]> {
  const [base, now] = [tree(before), tree(after)];
  const entries = await difference(
    { root: base, entries: listEntries(base, 50) },
    { root: now, entries: listEntries(now, 50) },
  );
  return entries.map(({ path }) => path);
}

test.each<[string, Tree, Tree, string[]]>([
  ["nothing", { "a/b": "1", c: "" }, { "a/b": "1", c: "" }, [""]],
  ["a file more", { "a/b": "1" }, { "a/b": "1", "a/c": "2" }, ["", "a", "a/c"]],
  ["another content of the same size", { "a/b": "1", c: "3" }, { "a/b": "2", c: "3" }, ["", "a", "a/b"]],
  ["another mode", { "a/b": "1" }, { "a/b": "1", "a/": (path) => chmodSync(path, 0o700) }, ["", "a"]],
  ["another link", { l: (path) => symlinkSync("a", path) }, { l: (path) => symlinkSync("b", path) }, ["", "l"]],
  ["a file less", { "a/b": "1", "a/c": "2" }, { "a/c": "2" }, ["", "a", "a/.wh.b"]],
  ["a folder less is gone as a whole", { "a/b/c": "1", "a/b/d": "2", "a/e": "" }, { "a/e": "" }, ["", "a", "a/.wh.b"]],
  ["everything in a folder", { "a/b": "1" }, { "a/": "" }, ["", "a", "a/.wh.b"]],
  ["a file in place of a folder", { "a/b": "1" }, { a: "2" }, ["", "a"]],
  ["a folder in place of a file", { a: "2" }, { "a/b": "1" }, ["", "a", "a/b"]],
  [
    "all names of a file that changed",
    { "a/x": "1", "b/y": (path) => linkSync(join(dirname(path), "../a/x"), path), z: "" },
    { "a/x": "2", "b/y": (path) => linkSync(join(dirname(path), "../a/x"), path), z: "" },
    ["", "a", "a/x", "b", "b/y"],
  ],
  [
    "a name more of a file",
    { "a/x": "1" },
    { "a/x": "1", "b/y": (path) => linkSync(join(dirname(path), "../a/x"), path) },
    ["", "a", "a/x", "b", "b/y"],
  ],
])("%s", async (_, before, after, expected) => {
  expect(await paths(before, after)).toEqual(expected);
});
