import { mkdtempSync, readFileSync } from "node:fs";
import { chmod, link, lutimes, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeCpio } from "../../../../sandbox/formats/cpio.ts";

const EPOCH = 1000;

let folder: string;
let root: string;
let output: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "caisson-cpio-"));
  [root, output] = [join(folder, "root"), join(folder, "initrd")];
  await makeTree(root);
});
afterEach(() => rm(folder, { recursive: true }));

/** Files whose sizes need each padding there is, in an order of making that is not the archive's. */
async function makeTree(path: string, reverse = false): Promise<void> {
  await mkdir(join(path, "etc"), { recursive: true });
  const names = ["etc/1", "etc/22", "etc/333", "etc/4444", "etc/empty"];
  for (const name of reverse ? names.reverse() : names) await writeFile(join(path, name), name.slice(4).slice(0, 4));
  await writeFile(join(path, "etc/empty"), "");
  await symlink("etc/22", join(path, "init"));
  for (const name of ["", "etc"]) await chmod(join(path, name), 0o755);
  for (const name of names) await chmod(join(path, name), 0o640);
  await chmod(join(path, "etc/1"), 0o4755);
}

async function setTimes(seconds: number): Promise<void> {
  for (const name of ["etc/1", "etc/22", "etc/333", "etc/4444", "etc/empty", "init", "etc", ""])
    await lutimes(join(root, name), seconds, seconds);
}

async function write(paths?: string[]): Promise<Buffer> {
  await writeCpio({ root, epoch: EPOCH, output, ...(paths ? { paths } : {}) });
  return readFileSync(output);
}

interface Member {
  name: string;
  inode: number;
  mode: number;
  uid: number;
  gid: number;
  links: number;
  time: number;
  content: string;
}

/** Reads the "newc" format, as the kernel's init/initramfs.c does. */
function read(archive: Buffer): Member[] {
  const members: Member[] = [];
  for (let at = 0; ; ) {
    expect(archive.toString("latin1", at, at + 6)).toBe("070701");
    const field = (index: number) =>
      Number.parseInt(archive.toString("latin1", at + 6 + 8 * index, at + 14 + 8 * index), 16);
    const [inode = 0, mode = 0, uid = 0, gid = 0, links = 0, time = 0, size = 0] = [0, 1, 2, 3, 4, 5, 6].map(field);
    const end = at + 110 + field(11);
    expect(archive[end - 1]).toBe(0);
    const name = archive.toString("latin1", at + 110, end - 1);
    const start = aligned(end);
    const content = archive.toString("latin1", start, start + size);
    at = aligned(start + size);
    if (name === "TRAILER!!!") {
      expect(at).toBe(archive.length);
      return members;
    }
    members.push({ name, inode, mode, uid, gid, links, time, content });
  }
}

const aligned = (offset: number) => Math.ceil(offset / 4) * 4;

test("names in order, with modes, owners, link targets and contents of every length", async () => {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  const members = read(await write());
  expect(members.map(({ name, mode, content }) => [name, mode.toString(8), content])).toEqual([
    ["etc", "40755", ""],
    ["etc/1", "104755", "1"],
    ["etc/22", "100640", "22"],
    ["etc/333", "100640", "333"],
    ["etc/4444", "100640", "4444"],
    ["etc/empty", "100640", ""],
    ["init", "120777", "etc/22"],
  ]);
  expect(members.map(({ inode, links }) => [inode, links])).toEqual([
    [1, 2],
    [2, 1],
    [3, 1],
    [4, 1],
    [5, 1],
    [6, 1],
    [7, 1],
  ]);
  expect(members.every((member) => member.uid === uid && member.gid === gid)).toBe(true);
});

test("later times are clamped, earlier ones stay", async () => {
  await setTimes(EPOCH + 5);
  await lutimes(join(root, "init"), EPOCH - 5, EPOCH - 5);
  expect(read(await write()).map(({ name, time }) => [name, time])).toEqual([
    ["etc", EPOCH],
    ["etc/1", EPOCH],
    ["etc/22", EPOCH],
    ["etc/333", EPOCH],
    ["etc/4444", EPOCH],
    ["etc/empty", EPOCH],
    ["init", EPOCH - 5],
  ]);
});

test("the same tree gives the same bytes at another time and in another place", async () => {
  await setTimes(EPOCH + 5);
  const first = await write();
  root = join(folder, "elsewhere");
  await makeTree(root, true);
  await setTimes(EPOCH + 99_999);
  expect((await write()).equals(first)).toBe(true);
});

test("names of one file share an inode, and the first one has the content", async () => {
  await link(join(root, "etc/4444"), join(root, "etc/also"));
  await link(join(root, "etc/4444"), join(root, "zlast"));
  const linked = read(await write()).filter(({ links }) => links === 3);
  expect(linked.map(({ name, content }) => [name, content])).toEqual([
    ["etc/4444", "4444"],
    ["etc/also", ""],
    ["zlast", ""],
  ]);
  expect(new Set(linked.map(({ inode }) => inode)).size).toBe(1);
});

test("some paths only, in order", async () => {
  expect(read(await write(["init", "etc/333", "etc"])).map(({ name }) => name)).toEqual(["etc", "etc/333", "init"]);
});

test("names that are no UTF-8 keep their bytes", async () => {
  await writeFile(Buffer.concat([Buffer.from(join(root, "z")), Buffer.from([0xff])]), "");
  expect(read(await write()).at(-1)?.name).toBe("z\xff");
});

test("a large file", async () => {
  const content = "0123456789abcdef".repeat(200_000).slice(1);
  await writeFile(join(root, "large"), content);
  expect(read(await write(["init", "large"])).map((member) => member.content === content)).toEqual([false, true]);
});
