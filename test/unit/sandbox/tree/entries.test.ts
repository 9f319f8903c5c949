import { writeFileSync } from "node:fs";
import { chmod, link, lutimes, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Context } from "../../../../sandbox/context.ts";
import type { DeviceNode } from "../../../../sandbox/tree/device-nodes.ts";
import { byPath, listEntries, treeEntries } from "../../../../sandbox/tree/entries.ts";
import { bytePath } from "../../../../sandbox/tree/walk.ts";

const EPOCH = 1000;
const NODE: DeviceNode = { path: "dev/null", kind: "character", mode: 0o666, uid: 0, gid: 5, major: 1, minor: 3 };

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "caisson-entries-"));
});
afterEach(() => rm(root, { recursive: true }));

async function files(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(join(root, name, ".."), { recursive: true });
    await writeFile(join(root, name), name);
  }
}

const paths = (...given: Parameters<typeof listEntries>) => listEntries(...given).map(({ path }) => path);

test("parents first, siblings in byte order, whichever was made first", async () => {
  await files("b", "a-b", "a/z", "a/Z", "B", "a/é", "a.d/x");
  expect(paths(root, EPOCH)).toEqual([
    ...["", "B", "a", "a/Z", "a/z", `a/${bytePath("é")}`],
    ...["a-b", "a.d", "a.d/x", "b"],
  ]);
});

test("names that are no UTF-8, or hold a line end", async () => {
  writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0x0a, 0x41])]), "x");
  expect(paths(root, EPOCH)).toEqual(["", "\xff\nA"]);
});

test("kinds, modes, sizes and targets", async () => {
  await files("file");
  await chmod(join(root, "file"), 0o4751);
  await mkdir(join(root, "folder"));
  await chmod(join(root, "folder"), 0o1777);
  await symlink("/an/absolute one", join(root, "link"));
  const [uid, gid] = [process.getuid?.(), process.getgid?.()];
  const [, file, folder, symbolic] = listEntries(root, EPOCH);
  expect(file).toMatchObject({ kind: "file", mode: 0o4751, uid, gid, size: 4 });
  expect(folder).toMatchObject({ kind: "directory", mode: 0o1777, size: 0 });
  expect(symbolic).toMatchObject({ kind: "symlink", target: Buffer.from("/an/absolute one"), size: 0 });
});

test("times are whole seconds, not after the epoch, not before 1970; folders all have the epoch's", async () => {
  await files("d/early", "d/fraction", "d/late", "d/negative");
  await lutimes(join(root, "d/early"), 5, 5);
  await lutimes(join(root, "d/fraction"), 7.75, 7.75);
  await lutimes(join(root, "d/late"), EPOCH + 1, EPOCH + 1);
  await execa("touch", ["--date=@-20", join(root, "d/negative")]);
  await lutimes(join(root, "d"), 5, 5);
  expect(listEntries(root, EPOCH).map(({ path, mtime }) => [path, mtime])).toEqual([
    ["", EPOCH],
    ["d", EPOCH],
    ["d/early", 5],
    ["d/fraction", 7],
    ["d/late", EPOCH],
    ["d/negative", 0],
  ]);
});

test("later names of a file point to its first, and have no size", async () => {
  await files("m");
  for (const name of ["z", "a", "n"]) await link(join(root, "m"), join(root, name));
  expect(listEntries(root, EPOCH).map(({ path, linkTo, size }) => [path, linkTo, size])).toEqual([
    ["", undefined, 0],
    ["a", undefined, 1],
    ["m", "a", 0],
    ["n", "a", 0],
    ["z", "a", 0],
  ]);
});

test("sockets are left out", async () => {
  await files("file");
  const server = createServer();
  await new Promise<void>((done) => server.listen(join(root, "socket"), done));
  expect(paths(root, EPOCH)).toEqual(["", "file"]);
  await new Promise((done) => server.close(done));
});

test("some paths only, in the order of the tree", async () => {
  await files("a/z", "a-b", "c");
  expect(paths(root, EPOCH, { paths: ["a-b", "a/z", "a"] })).toEqual(["a", "a/z", "a-b"]);
});

test("a device node stands where it belongs, if its folder is there and nothing has taken its place", async () => {
  await files("dev/aaa", "dev/zero", "other");
  const devices = [NODE, { ...NODE, path: "dev/zero" }, { ...NODE, path: "gone/null" }, { ...NODE, path: "other/x" }];
  const entries = listEntries(root, EPOCH, { devices });
  expect(entries.map(({ path }) => path)).toEqual(["", "dev", "dev/aaa", "dev/null", "dev/zero", "other"]);
  expect(entries[3]).toEqual({
    ...{ path: "dev/null", kind: "character", mode: 0o666, uid: 0, gid: 5, mtime: EPOCH, size: 0 },
    ...{ device: { major: 1, minor: 3 }, xattrs: new Map() },
  });
  expect(entries[4]).toMatchObject({ kind: "file", size: 8 });
});

test("extended attributes go to the first name", async () => {
  await files("a");
  await link(join(root, "a"), join(root, "b"));
  const run: Context["run"] = async (_, options) => {
    const { file } = (options as { stdout: { file: string } }).stdout;
    const names = ["", "/a", "/b"].map((name) => `# file: /buildroot${name}\nuser.x=0sAQ==\n\n`);
    writeFileSync(file, names.join(""));
    return { exitCode: 0, stdout: "" };
  };
  const work = await mkdtemp(join(tmpdir(), "caisson-work-"));
  const context = { run, work, epoch: EPOCH, image: { selinuxRelabel: "auto" } } as unknown as Context;
  const entries = await treeEntries(context, root);
  expect(entries.map(({ path, xattrs }) => [path, [...xattrs]])).toEqual([
    ["", [["user.x", Buffer.from([1])]]],
    ["a", [["user.x", Buffer.from([1])]]],
    ["b", []],
  ]);
});

test("the order of paths is that of a walk", () => {
  const given = ["b", "a-b", "a/z", "", "a", "a.d", "a/z/y"];
  expect(given.sort(byPath)).toEqual(["", "a", "a/z", "a/z/y", "a-b", "a.d", "b"]);
});
