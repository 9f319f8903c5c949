import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";
import { expect, test } from "vitest";
import { between, told } from "./comparing.ts";

type Entry = Parameters<ReturnType<typeof pack>["entry"]>[0];

async function tar(...entries: [Entry, string?][]): Promise<Buffer> {
  const archive = pack();
  for (const [header, text = ""] of entries) archive.entry({ mtime: new Date(0), ...header }, text);
  archive.finalize();
  return buffer(archive);
}

const differences = async (a: Buffer, b: Buffer) => (await between(a, b)).map(told);

test("tar: mode, owner, time, target, xattr, content", async () => {
  const long = "d/".repeat(80);
  const a = await tar(
    [{ name: "./a", mode: 0o644, uid: 1 }, "one"],
    [{ name: `${long}x`, mtime: new Date(1000) }, "x"],
    [{ name: "link", type: "symlink", linkname: "a" }],
    [{ name: "cap", pax: { "SCHILY.xattr.user.note": "1" } }],
  );
  const b = await tar(
    [{ name: "./a", mode: 0o600, uid: 2 }, "two"],
    [{ name: `${long}x`, mtime: new Date(2000) }, "x"],
    [{ name: "link", type: "symlink", linkname: "b" }],
    [{ name: "cap", pax: { "SCHILY.xattr.user.note": "2" } }],
  );
  expect(await differences(a, b)).toEqual([
    "tar > /a > mode: 0644 -> 0600",
    "tar > /a > owner: 1 -> 2",
    'tar > /a > content: "one" -> "two"',
    'tar > /cap > xattr user.note: "1" -> "2"',
    `tar > /${long}x > mtime: 1970-01-01T00:00:01Z -> 1970-01-01T00:00:02Z`,
    "tar > /link > target: a -> b",
  ]);
});

test("tar: the order of its members", async () => {
  const [one, two] = [[{ name: "a" }, "1"] as [Entry, string], [{ name: "b" }, "2"] as [Entry, string]];
  expect(await differences(await tar(one, two), await tar(two, one))).toEqual(["tar > member 1: /a -> /b"]);
});

test("tar: a header's byte that means nothing", async () => {
  const archive = await tar([{ name: "a" }, "1"]);
  const other = Buffer.from(archive);
  other.write("x", 505, "latin1");
  expect(await differences(archive, other)).toEqual([
    "tar > header of /a, padding: 00 00 00 00 00 00 00 31 00 00 00 00 00 00 00 00 -> 78 00 00 00 00 00 00 31 00 00 00 00 00 00 00 00",
  ]);
});

/** A member of a newc archive. */
function member(name: string, { mode = 0o100644, uid = 0, ino = 1, content = "" } = {}): Buffer {
  const fields = [ino, mode, uid, 0, 1, 0, content.length, 0, 0, 0, 0, name.length + 1, 0];
  const header = `070701${fields.map((value) => value.toString(16).padStart(8, "0")).join("")}${name}\0`;
  const padded = header.padEnd(Math.ceil(header.length / 4) * 4, "\0");
  return Buffer.from(padded + content.padEnd(Math.ceil(content.length / 4) * 4, "\0"), "latin1");
}

const cpio = (...members: Buffer[]) => Buffer.concat([...members, member("TRAILER!!!"), Buffer.alloc(300)]);

test("cpio: attributes and content", async () => {
  const [a, b] = [cpio(member("a", { uid: 1, content: "one" })), cpio(member("a", { uid: 2, content: "two" }))];
  expect(await differences(a, b)).toEqual(["cpio > /a > owner: 1 -> 2", 'cpio > /a > content: "one" -> "two"']);
});

test("cpio: inode numbers alone", async () => {
  const [a, b] = [cpio(member("a", { ino: 1 })), cpio(member("a", { ino: 2 }))];
  expect(await differences(a, b)).toEqual(["cpio > /a > inode: 1 -> 2"]);
});

test("cpio: archives in a row, as an initrd with microcode is", async () => {
  const early = cpio(member("early"));
  const [a, b] = [
    Buffer.concat([early, cpio(member("x", { content: "1" }))]),
    Buffer.concat([early, cpio(member("x", { content: "2" }))]),
  ];
  expect(await differences(a, b)).toEqual(['part 2 > /x > content: "1" -> "2"']);
});

test("ar: a member's content and time", async () => {
  const ar = (time: number, text: string) =>
    Buffer.from(
      `!<arch>\n${"debian-binary".padEnd(16)}${`${time}`.padEnd(12)}0     0     100644  4         \`\n${text}`,
    );
  expect(await differences(ar(1, "2.0\n"), ar(2, "2.1\n"))).toEqual([
    "ar > /debian-binary > mtime: 1970-01-01T00:00:01Z -> 1970-01-01T00:00:02Z",
    'ar > /debian-binary > content: "0\\n" -> "1\\n"',
  ]);
});
