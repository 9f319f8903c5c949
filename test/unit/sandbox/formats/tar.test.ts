import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { chmod, link, lutimes, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tarChunks } from "../../../../sandbox/formats/tar.ts";
import { listEntries, type TreeEntry } from "../../../../sandbox/tree/entries.ts";
import { bytePath } from "../../../../sandbox/tree/walk.ts";
import { readTar } from "../../../support/tar.ts";

const EPOCH = 1_000_000_000;

let folder: string;
let root: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "caisson-tar-"));
  root = join(folder, "root");
  await mkdir(root);
  await chmod(root, 0o755);
});
afterEach(() => rm(folder, { recursive: true }));

function write(entries: TreeEntry[] = listEntries(root, EPOCH)): string {
  const file = join(folder, "image.tar");
  writeFileSync(file, Buffer.concat([...tarChunks(root, entries)]));
  return file;
}

/** The names that GNU tar reads, each byte a character. */
async function listed(file: string): Promise<string[]> {
  const { stdout } = await execa(
    "tar",
    ["--list", "--quoting-style=literal", "--null", "--show-transformed", "-f", file],
    {
      encoding: "latin1",
    },
  );
  return stdout.split("\n");
}

const entry = (more: Partial<TreeEntry>): TreeEntry => {
  return { path: "x", kind: "file", mode: 0o644, uid: 0, gid: 0, mtime: 0, size: 0, xattrs: new Map(), ...more };
};

test("an entry in ustar's own fields takes one block and no records", async () => {
  await writeFile(join(root, "file"), "content");
  await chmod(join(root, "file"), 0o4755);
  await lutimes(join(root, "file"), 1234, 1234);
  const file = write();
  expect(readFileSync(file).length).toBe(20 * 512);
  const members = await readTar(file);
  expect([...members.keys()]).toEqual(["", "file"]);
  const [uid, gid] = [process.getuid?.(), process.getgid?.()];
  const mtime = new Date(1_234_000);
  const owner = { uid, gid, uname: "", gname: "" };
  expect(members.get("file")).toMatchObject({ ...owner, mode: 0o4755, mtime, type: "file", text: "content" });
  expect(members.get("")).toMatchObject({ ...owner, mode: 0o755, mtime: new Date(EPOCH * 1000), type: "directory" });
});

test("GNU tar reads back what was written", async () => {
  const long = "d".repeat(90);
  const names = ["a/plain", `${long}/${"e".repeat(120)}/${"f".repeat(200)}`, `${long}/${"g".repeat(99)}`, "ü/ö"];
  for (const name of names) {
    await mkdir(join(root, name, ".."), { recursive: true });
    await writeFile(join(root, name), `content of ${name}`);
  }
  await symlink("x".repeat(300), join(root, "long-link"));
  await symlink("ä", join(root, "other-link"));
  await link(join(root, "ü/ö"), join(root, "zz-hard"));
  await writeFile(join(root, "large"), Buffer.alloc(3_000_001, "0123456789abcdef"));
  writeFileSync(Buffer.concat([Buffer.from(`${root}/no-utf8-`), Buffer.from([0xff, 0x0a])]), "x");
  await execa("mkfifo", [join(root, "fifo")]);
  const file = write();
  const copy = join(folder, "copy");
  await mkdir(copy);
  await execa("tar", ["--extract", "--preserve-permissions", `--directory=${copy}`, "-f", file]);
  await execa("diff", ["--recursive", "--no-dereference", "--exclude=fifo", root, copy]);
  expect(listEntries(copy, EPOCH)).toEqual(listEntries(root, EPOCH));
});

test("names that are neither ASCII nor UTF-8", async () => {
  writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xfe, 0x41])]), "");
  expect((await listed(write())).join()).toContain("\xfeA");
});

test("attributes of any bytes", async () => {
  const xattrs = new Map([
    ["security.capability", Buffer.from([1, 0, 0, 2, 0, 32, 0, 0, 0, 0])],
    ["user.lines", Buffer.from("a\nb=c\n")],
    ["user.none", Buffer.alloc(0)],
  ]);
  const text = readFileSync(write([entry({ xattrs })])).toString("latin1");
  expect(text.slice(512, 512 + 130)).toBe(
    [
      "47 SCHILY.xattr.security.capability=\x01\0\0\x02\0 \0\0\0\0\n",
      "34 SCHILY.xattr.user.lines=a\nb=c\n\n",
      "27 SCHILY.xattr.user.none=\n",
    ]
      .join("")
      .padEnd(130, "\0"),
  );
});

test("access control lists, as text too", () => {
  const acl = Buffer.from("0200000001000600ffffffff04000400ffffffff20000000ffffffff", "hex");
  const text = readFileSync(write([entry({ xattrs: new Map([["system.posix_acl_access", acl]]) })])).toString("latin1");
  expect(text).toContain("53 SCHILY.acl.access=user::rw-,group::r--,other::---\n");
  expect(text).toContain(`SCHILY.xattr.system.posix_acl_access=${acl.toString("latin1")}\n`);
});

test("numbers that no field of ustar has room for", async () => {
  const big = entry({ mtime: 2 ** 40, uid: 3_000_000, gid: 4_294_967_294 });
  const text = readFileSync(write([big])).toString("latin1");
  expect(text).toContain("18 gid=4294967294\n");
  expect(text).toContain("15 uid=3000000\n");
  expect(text).toContain("23 mtime=1099511627776\n");
  const { stdout } = await execa("tar", ["--list", "--verbose", "--numeric-owner", "-f", join(folder, "image.tar")]);
  expect(stdout).toContain("3000000/4294967294");
});

test("device nodes", async () => {
  const nodes = [
    entry({ path: "null", kind: "character", mode: 0o666, device: { major: 1, minor: 3 } }),
    entry({ path: "sda", kind: "block", mode: 0o660, gid: 6, device: { major: 4095, minor: 1_048_575 } }),
  ];
  const { stdout } = await execa("tar", ["--list", "--verbose", "--numeric-owner", "-f", write(nodes)]);
  const words = stdout.split("\n").map((line) => line.split(/\s+/).slice(0, 3));
  expect(words).toEqual([
    ["crw-rw-rw-", "0/0", "1,3"],
    ["brw-rw----", "0/6", "4095,1048575"],
  ]);
});

test("the name of a header of records has no number of a process", async () => {
  const long = `folder/${"n".repeat(150)}`;
  const text = readFileSync(write([entry({ path: long })])).toString("latin1", 0, 100);
  expect(text).toBe(`PaxHeaders/${"n".repeat(89)}`);
});

test("a file that has shrunk is an error", async () => {
  await writeFile(join(root, "file"), "content");
  const entries = listEntries(root, EPOCH);
  await writeFile(join(root, "file"), "c");
  expect(() => write(entries)).toThrow("/file was changed while the output was written");
});

test("a name of every length", async () => {
  const names = Array.from({ length: 320 }, (_, index) => `${"p".repeat((index % 160) + 1)}/${"q".repeat(index + 1)}`);
  const read = await listed(write(names.map((path) => entry({ path: bytePath(path) }))));
  expect(read).toEqual(names);
});
