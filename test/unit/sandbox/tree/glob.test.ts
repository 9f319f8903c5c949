import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { removeMatching } from "../../../../sandbox/tree/glob.ts";
import { walk } from "../../../../sandbox/tree/walk.ts";

let folder: string;
let root: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "caisson-glob-")));
  root = join(folder, "root");
  for (const path of ["usr/a.conf", "usr/.hidden", "usr/lib/b.conf", "usr/lib/B.conf", "etc/c"]) await file(path);
});
afterEach(() => rm(folder, { recursive: true }));

async function file(path: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), "");
}

const files = () => [...walk(root)].filter(({ stats }) => !stats.isDirectory()).map(({ path }) => path);
const ALL = ["etc/c", "usr/.hidden", "usr/a.conf", "usr/lib/B.conf", "usr/lib/b.conf"];
const without = (...gone: string[]) => ALL.filter((path) => !gone.includes(path));

test.each<[string, string[]]>([
  ["/usr/a.conf", without("usr/a.conf")],
  ["usr/a.conf", without("usr/a.conf")],
  ["/usr/lib", without("usr/lib/B.conf", "usr/lib/b.conf")],
  ["/usr/lib/", without("usr/lib/B.conf", "usr/lib/b.conf")],
  ["/usr/*", ["etc/c"]],
  ["/usr/*.conf", without("usr/a.conf")],
  ["/usr/**/*.conf", without("usr/a.conf", "usr/lib/B.conf", "usr/lib/b.conf")],
  ["/usr/lib/[a-c].conf", without("usr/lib/b.conf")],
  ["/usr/lib/[!b].conf", without("usr/lib/B.conf")],
  ["/usr/?.conf", without("usr/a.conf")],
  ["/**/.hidden", without("usr/.hidden")],
  ["/**", []],
  ["/nothing/*", ALL],
  ["/usr/a.conf/*", ALL],
  ["/usr/{a.conf,.hidden}", ALL],
  ["/", ALL],
])("%s", async (pattern, left) => {
  await removeMatching(root, [pattern]);
  expect(files()).toEqual(left);
});

test("several patterns, of which one removes what another lies in", async () => {
  await removeMatching(root, ["/usr", "/usr/lib/*", "/etc/c"]);
  expect(files()).toEqual([]);
});

test("a link is removed, not what it leads to", async () => {
  await symlink("lib", join(root, "usr/link"));
  await symlink("nowhere", join(root, "usr/broken"));
  await removeMatching(root, ["/usr/link", "/usr/broken"]);
  expect(files()).toEqual(ALL);
});

test.each(["/lib/b.conf", "/lib/b.*", "/li?/**/b.conf"])("%s, where /lib is a link", async (pattern) => {
  await symlink("usr/lib", join(root, "lib"));
  await removeMatching(root, [pattern]);
  expect(files()).toEqual(["etc/c", "lib", "usr/.hidden", "usr/a.conf", "usr/lib/B.conf"]);
});

test("names that are no UTF-8", async () => {
  await writeFile(Buffer.concat([Buffer.from(join(root, "usr/x")), Buffer.from([0xff])]), "");
  await removeMatching(root, ["/usr/x?"]);
  expect(files()).toEqual(ALL);
});

test("a link that leads out of the tree is not followed", async () => {
  const outside = join(folder, "outside");
  await mkdir(outside);
  await writeFile(join(outside, "precious"), "");
  await symlink(outside, join(root, "absolute"));
  await symlink("../outside", join(root, "relative"));
  await removeMatching(root, ["/absolute/*", "/absolute/precious", "/relative/precious", "/**/precious"]);
  expect([...walk(outside)].map(({ path }) => path)).toEqual(["", "precious"]);
});

test("a set of characters, and every other one", async () => {
  await removeMatching(root, ["/[!e]*/[!a.]*", "/[e]tc"]);
  expect(files()).toEqual(["usr/.hidden", "usr/a.conf"]);
});
