import { expect, test } from "vitest";
import { filesystemEntries } from "../../../../sandbox/partitions/contents.ts";
import { parseSettings } from "../../../../sandbox/partitions/definitions.ts";
import { rulesOf } from "../../../../sandbox/partitions/rules.ts";
import type { TreeEntry } from "../../../../sandbox/tree/entries.ts";

const EPOCH = 1000;

function entry(path: string, more: Partial<TreeEntry> = {}): TreeEntry {
  const kind = more.kind ?? (path.endsWith("/") || path === "" ? "directory" : "file");
  const plain = { path: path.replace(/\/$/, ""), kind, mode: kind === "directory" ? 0o755 : 0o644, uid: 0, gid: 0 };
  return { ...plain, mtime: 5, size: kind === "file" ? 3 : 0, xattrs: new Map(), ...more };
}

const TREE = [
  entry("", { mode: 0o751, uid: 7 }),
  entry("bin", { kind: "symlink", target: Buffer.from("usr/bin") }),
  entry("dev/"),
  entry("dev/null", { kind: "character", device: { major: 1, minor: 3 } }),
  entry("efi/", { mode: 0o500 }),
  entry("efi/loader.conf"),
  entry("etc/"),
  entry("etc/passwd", { uid: 1, xattrs: new Map([["user.x", Buffer.from("y")]]) }),
  entry("etc/shadow", { linkTo: "etc/passwd", size: 0 }),
  entry("proc/"),
  entry("usr/", { mode: 0o700 }),
  entry("usr/bin/"),
  entry("usr/bin/sh"),
  entry("usr/share/"),
  entry("usr/share/doc/"),
  entry("usr/share/doc/x"),
  entry("var/"),
  entry("var/tmp/", { mode: 0o1777 }),
  entry("var/tmp/left"),
];

function made(text: string, mountPoints: string[] = []): TreeEntry[] {
  const lines = `[Partition]\n${text}`;
  const rules = rulesOf({ name: "x.conf", text: lines, settings: parseSettings(lines) }, (word) => word);
  if (!rules) throw new Error("not done here");
  return filesystemEntries({ entries: TREE, rules, mountPoints, epoch: EPOCH });
}

const paths = (...given: Parameters<typeof made>) => made(...given).map(({ path }) => path);

test("the whole tree, without what is mounted or emptied at run time", () => {
  const all = made("CopyFiles=/", ["efi", "boot"]);
  const left = TREE.filter(({ path }) => !["dev/null", "efi/loader.conf", "var/tmp/left"].includes(path));
  expect(all.map(({ path }) => path)).toEqual(left.map(({ path }) => path));
  expect(all[0]).toMatchObject({ mode: 0o751, uid: 7 });
  expect(all.find(({ path }) => path === "efi")?.mode).toBe(0o500);
  expect(all.find(({ path }) => path === "etc/shadow")).toMatchObject({ linkTo: "etc/passwd", size: 0 });
});

test("a folder in another place: its parents are made, contents are read from where they were", () => {
  const all = made("CopyFiles=/usr/share:/a/b\nCopyFiles=/etc:/");
  expect(all.map(({ path, source }) => [path, source])).toEqual([
    ["", undefined],
    ["a", undefined],
    ["a/b", "usr/share"],
    ["a/b/doc", "usr/share/doc"],
    ["a/b/doc/x", "usr/share/doc/x"],
    ["passwd", "etc/passwd"],
    ["shadow", "etc/passwd"],
  ]);
  expect(all.find(({ path }) => path === "a")).toMatchObject({ mode: 0o755, uid: 0, mtime: EPOCH });
});

test("the later of two names of a file becomes the first where that is left out", () => {
  const shadow = made("CopyFiles=/etc:/etc\nExcludeFiles=/etc/passwd").find(({ path }) => path === "etc/shadow");
  expect(shadow).toMatchObject({ size: 3, uid: 1, source: "etc/passwd" });
  expect(shadow?.xattrs.get("user.x")).toEqual(Buffer.from("y"));
  expect(shadow).not.toHaveProperty("linkTo");
});

test("a file, through a link, in place of another", () => {
  const all = made("CopyFiles=/etc\nCopyFiles=/bin/sh:/etc/passwd");
  expect(all.find(({ path }) => path === "etc/passwd")?.source).toBe("usr/bin/sh");
  expect(paths("CopyFiles=/bin:/programs")).toEqual(["", "programs", "programs/sh"]);
});

test.each([
  ["ExcludeFiles=/usr/share", ["", "usr", "usr/bin", "usr/bin/sh"]],
  ["ExcludeFiles=/usr/share/", ["", "usr", "usr/bin", "usr/bin/sh", "usr/share"]],
  ["ExcludeFiles=/bin /usr/share/doc", ["", "usr", "usr/share"]],
  ["ExcludeFilesTarget=/usr/bin/sh /usr/share", ["", "usr", "usr/bin"]],
  ["ExcludeFilesTarget=/other", ["", "usr", "usr/bin", "usr/bin/sh", "usr/share", "usr/share/doc", "usr/share/doc/x"]],
  ["ExcludeFiles=/usr", [""]],
])("%s", (text, expected) => {
  expect(paths(`CopyFiles=/usr\n${text}`)).toEqual(expected);
});

test("what is not there is not copied", () => {
  expect(paths("CopyFiles=/opt:/opt\nCopyFiles=/etc/nothing")).toEqual([""]);
});

test("folders and links that are made", () => {
  const all = made("MakeDirectories=/home/me /var\nMakeSymlinks=/var/run:../run /lib:usr/lib");
  expect(all.map(({ path, kind, target }) => [path, kind, target?.toString()])).toEqual([
    ["", "directory", undefined],
    ["home", "directory", undefined],
    ["home/me", "directory", undefined],
    ["lib", "symlink", "usr/lib"],
    ["var", "directory", undefined],
    ["var/run", "symlink", "../run"],
  ]);
});

test.each([
  ["CopyFiles=/a:/b:fsverity=copy"],
  ["CopyFiles=relative"],
  ["CopyFiles=/../x"],
  ['CopyFiles="/a b"'],
  ["Subvolumes=/a:nodatacow"],
  ["MakeSymlinks=/a"],
  ["SupplementFor=10-root"],
  ["CopyBlocks=auto"],
])("%s is left to systemd-repart", (text) => {
  const lines = `[Partition]\n${text}\n`;
  expect(rulesOf({ name: "x", text: lines, settings: parseSettings(lines) }, (word) => word)).toBe(undefined);
});

test("subvolumes", () => {
  const lines = "[Partition]\nSubvolumes=/a:ro /b\nDefaultSubvolume=/b\n";
  expect(rulesOf({ name: "x", text: lines, settings: parseSettings(lines) }, (word) => word)).toMatchObject({
    subvolumes: [
      { path: "a", readOnly: true },
      { path: "b", readOnly: false },
    ],
    defaultSubvolume: "b",
  });
});
