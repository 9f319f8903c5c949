/** Trees on disk: folders of the user, and what a tool has unpacked from a file system. */
import { readlinkSync } from "node:fs";
import { deviceNumbers } from "../formats/cpio.ts";
import type { Run } from "../run.ts";
import { onDisk, walk } from "../tree/walk.ts";
import { FileBlob } from "./blob.ts";
import { basicAttributes, kindOf, shownDevice, shownName, shownValue, type Tree } from "./tree.ts";

/** The tree below a folder. Its extended attributes are getfattr(1)'s to read. */
export async function readFolder(root: string, run: Run): Promise<Tree> {
  const xattrs = await readAttributes(root, run);
  const tree: Tree = new Map();
  const linked = new Map<string, string>();
  for (const { path, stats } of walk(root)) {
    const kind = kindOf(stats.mode);
    const identity = `${stats.dev}:${stats.ino}`;
    const first = kind !== "directory" && stats.nlink > 1 ? linked.get(identity) : undefined;
    linked.set(identity, first ?? path);
    const attributes = {
      ...basicAttributes({ ...stats, mtime: Math.floor(stats.mtimeMs / 1000) }),
      ...xattrs.get(path),
    };
    if (first !== undefined) attributes["hard link to"] = `/${shownName(first)}`;
    if (kind === "symlink") attributes.target = shownName(readlinkSync(onDisk(root, path), { encoding: "latin1" }));
    if (kind.endsWith("device")) attributes.device = device(stats.rdev);
    tree.set(path, { kind, attributes, ...(kind === "file" ? { content: new FileBlob(onDisk(root, path)) } : {}) });
  }
  return tree;
}

function device(rdev: number): string {
  const { major, minor } = deviceNumbers(rdev);
  return shownDevice(major, minor);
}

async function readAttributes(root: string, run: Run): Promise<Map<string, Record<string, string>>> {
  const { stdout } = await run(
    ["getfattr", "--recursive", "--no-dereference", "--dump", "--match=-", "--encoding=hex", "."],
    {
      binds: [{ source: root, target: "/compare", readOnly: true }],
      workingDirectory: "/compare",
      stdout: "capture",
    },
  );
  return parseAttributes(stdout);
}

/** getfattr(1): a stanza for each file that has any, by path. What the worker's own overlays note is not the tree's. */
export function parseAttributes(text: string): Map<string, Record<string, string>> {
  const stanzas = text.split("\n\n").flatMap((stanza): [string, Record<string, string>][] => {
    const [first = "", ...lines] = stanza.trim().split("\n");
    const name = /^# file: (.*)$/.exec(first)?.[1];
    if (name === undefined) return [];
    const pairs = lines.flatMap((line): [string, string][] => {
      const [key = "", value = ""] = line.split("=");
      return key.startsWith("user.overlay.") ? [] : [[`xattr ${unescaped(key)}`, shownHex(value)]];
    });
    return [[unescaped(name).replace(/^\.\/?/, ""), Object.fromEntries(pairs)]];
  });
  return new Map(stanzas);
}

function shownHex(value: string): string {
  return shownValue(Buffer.from(value.replace(/^0x/, ""), "hex"));
}

/** Octal escapes. */
function unescaped(name: string): string {
  return name.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
