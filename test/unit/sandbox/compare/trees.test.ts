import { expect, test } from "vitest";
import { Bytes } from "../../../../sandbox/compare/blob.ts";
import { shownName, shownValue, type Tree, treePath } from "../../../../sandbox/compare/tree.ts";
import { compareTrees } from "../../../../sandbox/compare/trees.ts";
import { reported, told } from "./comparing.ts";

const folder = (attributes: Record<string, string> = {}) => ({ kind: "directory" as const, attributes });
const file = (text: string, attributes: Record<string, string> = {}, derived: Record<string, string> = {}) => {
  return { kind: "file" as const, attributes, derived, content: new Bytes(Buffer.from(text)) };
};

async function differences(a: [string, Tree extends Map<string, infer N> ? N : never][], b: typeof a, ordered = false) {
  const pair = { a: new Map(a), b: new Map(b) };
  return (await reported((comparer) => compareTrees(pair, [], comparer, { ordered }))).map(told);
}

test("trees that are the same", async () => {
  expect(await differences([["a", file("x")]], [["a", file("x")]])).toEqual([]);
});

test("attributes and content", async () => {
  const a = file("hello\n", { mode: "0644", "xattr user.a": '"1"' });
  const b = file("hallo!\n", { mode: "0600", "xattr user.b": '"1"' });
  expect(await differences([["etc/motd", a]], [["etc/motd", b]])).toEqual([
    "/etc/motd > mode: 0644 -> 0600",
    '/etc/motd > xattr user.a: "1" -> (none)',
    '/etc/motd > xattr user.b: (none) -> "1"',
    '/etc/motd > content: "ello\\n" -> "allo!\\n"',
    "/etc/motd > size: 6 -> 7",
  ]);
});

test("of a folder that only one has, what lies in it is not told", async () => {
  const only = await differences(
    [
      ["x", folder()],
      ["x/y", file("1")],
      ["z", file("22")],
    ],
    [],
  );
  expect(only).toEqual(["/x > directory: there -> (none)", "/z > file: 2 bytes -> (none)"]);
});

test("another type, and nothing more of it", async () => {
  const link = { kind: "symlink" as const, attributes: { target: "b", mode: "0777" } };
  expect(await differences([["a", file("x", { mode: "0644" })]], [["a", link]])).toEqual([
    "/a > type: file -> symlink",
  ]);
});

test("what follows from how a tree was written is told where nothing else differs", async () => {
  const [a, b] = [file("x", {}, { ctime: "1" }), file("x", {}, { ctime: "2" })];
  expect(await differences([["a", a]], [["a", b]])).toEqual(["/a > ctime: 1 -> 2"]);
  const more = await differences(
    [
      ["a", a],
      ["b", file("1")],
    ],
    [
      ["a", b],
      ["b", file("2")],
    ],
  );
  expect(more).toEqual(['/b > content: "1" -> "2"']);
});

test("the order of what both have", async () => {
  const [a, b, c] = [file("a"), file("b"), file("c")];
  const found = await differences(
    [
      ["a", a],
      ["b", b],
      ["c", c],
    ],
    [
      ["a", a],
      ["c", c],
      ["b", b],
    ],
    true,
  );
  expect(found).toEqual(["member 2: /b -> /c"]);
  expect(
    await differences(
      [
        ["a", a],
        ["b", b],
      ],
      [
        ["b", b],
        ["a", a],
      ],
    ),
  ).toEqual([]);
});

test("packages, in place of the database that lists them", async () => {
  const status = (version: string, more = "") =>
    file(`Package: bash\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n\n${more}`);
  const gone = "Package: old\nStatus: deinstall ok config-files\nArchitecture: all\nVersion: 1\n\n";
  const added = "Package: zsh\nStatus: install ok installed\nArchitecture: amd64\nVersion: 2\n";
  const found = await differences(
    [["var/lib/dpkg/status", status("5.1", gone)]],
    [["var/lib/dpkg/status", status("5.2", added)]],
  );
  expect(found).toEqual(["bash:amd64: 5.1 -> 5.2", "zsh:amd64: (none) -> 2"]);
});

test.each([
  ["plain", "plain"],
  ["a\nb", "a\\nb"],
  ["\xff", "\\xff"],
  [Buffer.from("ä").toString("latin1"), "ä"],
  ["\x1b[31m", "\\x1b[31m"],
])("the name %j is shown as %s", (name, shown) => {
  expect(shownName(name)).toBe(shown);
});

test("values of extended attributes", () => {
  expect(shownValue(Buffer.from("text\0"))).toBe('"text"');
  expect(shownValue(Buffer.from([1, 255]))).toBe("0x01ff");
});

test.each([
  ["./", ""],
  ["./a/b/", "a/b"],
  ["/a", "a"],
])("%s is the path %j", (name, path) => {
  expect(treePath(name)).toBe(path);
});
