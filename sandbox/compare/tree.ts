import type { Blob } from "./blob.ts";
import { time } from "./fields.ts";

/** What a tree has under one path: a file of a file system, a member of an archive. */
export interface Node {
  kind: "file" | "directory" | "symlink" | "character device" | "block device" | "fifo" | "socket";
  /** What people call its attributes, and their values: `mode` `0644`, `xattr user.note` `"x"`. */
  attributes: Record<string, string>;
  /** Told where nothing else of the tree differs: they follow from how it was written. */
  derived?: Record<string, string>;
  /** What `attributes` show, byte for byte, for those who make a copy. */
  exact?: Exact;
  /** Of a file; a name that was linked to it later need not have it. */
  content?: Blob;
}

export interface Exact {
  xattrs: ReadonlyMap<string, Buffer>;
  /** Of a symbolic link; each character is one byte. */
  target?: string;
  /** The first name of the same file. */
  linkTo?: string;
}

/** By path, relative, without a leading `./` and a trailing slash, a character for each byte; empty for the root. In the order in which it is stored. */
export type Tree = Map<string, Node>;

const KINDS = new Map<number, Node["kind"]>([
  [0o140000, "socket"],
  [0o120000, "symlink"],
  [0o100000, "file"],
  [0o060000, "block device"],
  [0o040000, "directory"],
  [0o020000, "character device"],
  [0o010000, "fifo"],
]);

/** The kind in the mode of inode(7). */
export function kindOf(mode: number): Node["kind"] {
  return KINDS.get(mode & 0o170000) ?? "file";
}

export interface Facts {
  mode: number;
  uid: number;
  gid: number;
  /** Seconds. */
  mtime: number;
  nanoseconds?: number;
}

export function basicAttributes({ mode, uid, gid, mtime, nanoseconds }: Facts): Record<string, string> {
  return {
    mode: (mode & 0o7777).toString(8).padStart(4, "0"),
    owner: String(uid),
    group: String(gid),
    mtime: time(mtime, nanoseconds),
  };
}

/** As names and targets are shown: UTF-8 where it is that, everything that would hide in a terminal escaped. */
export function shownName(path: string): string {
  const bytes = Buffer.from(path, "latin1");
  const text = bytes.toString("utf8");
  const readable = Buffer.from(text, "utf8").equals(bytes) ? text : path.replace(/[^\x20-\x7e]/g, escapeByte);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that are escaped
  return readable.replace(/[\x00-\x1f\x7f-\x9f]/g, escapeByte);
}

function escapeByte(character: string): string {
  if (character === "\n") return "\\n";
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}

/** An extended attribute's value: text in quotes where it is that, else hexadecimal digits. */
export function shownValue(value: Buffer): string {
  const text = value.toString("latin1").replace(/\0$/, "");
  return /^[\x20-\x7e]*$/.test(text) ? JSON.stringify(text) : `0x${value.toString("hex")}`;
}

/** `.`, `./a/` and `/a` as a tree has them. */
export function treePath(name: string): string {
  return name
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}

/** makedev(3), taken apart: `8:1`. */
export function shownDevice(major: number, minor: number): string {
  return `${major}:${minor}`;
}
