/** ustar, pax and GNU archives (POSIX.1-2017 pax; tar(5) of libarchive). */
import { type Blob, Bytes } from "../blob.ts";
import type { Container } from "../comparer.ts";
import { fieldAt, fields } from "../fields.ts";
import { basicAttributes, type Node, shownDevice, shownName, shownValue, type Tree, treePath } from "../tree.ts";
import { compareTrees } from "../trees.ts";

const BLOCK = 512;

const HEADER = fields(
  [0, 100, "name"],
  [100, 8, "mode"],
  [108, 8, "owner"],
  [116, 8, "group"],
  [124, 12, "size"],
  [136, 12, "mtime"],
  [148, 8, "checksum"],
  [156, 1, "type"],
  [157, 100, "link target"],
  [257, 8, "magic"],
  [265, 32, "owner's name"],
  [297, 32, "group's name"],
  [329, 16, "device"],
  [345, 155, "name's prefix"],
);

const KINDS: Record<string, Node["kind"]> = {
  "1": "file",
  "2": "symlink",
  "3": "character device",
  "4": "block device",
  "5": "directory",
  "6": "fifo",
};

interface Member {
  header: Buffer;
  /** Bytes from the archive's start. */
  start: number;
  size: number;
  type: string;
  /** Records of pax headers and GNU's long names, by pax's keywords, a character for each byte. */
  records: Map<string, string>;
}

export const tar: Container = {
  place: { kind: "archive", name: "tar" },
  detects: (blob) => blob.read(257, 5).toString("latin1") === "ustar",
  compare: async ({ a, b }, place, comparer) => {
    await compareTrees({ a: readTar(a), b: readTar(b) }, place, comparer, { ordered: true });
  },
  locate: (blob, offset) => {
    for (const member of members(blob)) {
      const end = member.start + Math.ceil(member.size / BLOCK) * BLOCK;
      if (offset >= end) continue;
      const name = `/${shownName(nameOf(member))}`;
      if (offset >= member.start) return `padding after ${name}`;
      if (offset < member.start - BLOCK) return `extended header of ${name}`;
      return `header of ${name}, ${fieldAt(HEADER, offset - member.start + BLOCK) ?? "padding"}`;
    }
    return "end of the archive";
  },
};

export function readTar(blob: Blob): Tree {
  const tree: Tree = new Map();
  for (const member of members(blob)) tree.set(nameOf(member), node(blob, member));
  return tree;
}

function* members(blob: Blob): Generator<Member> {
  const shared = new Map<string, string>();
  let own = new Map<string, string>();
  for (let at = 0; at + BLOCK <= blob.size; ) {
    const header = blob.read(at, BLOCK);
    if (header.every((byte) => byte === 0)) return;
    const type = header.toString("latin1", 156, 157);
    const records = new Map([...shared, ...own]);
    const size = Number(records.get("size") ?? number(header, 124, 12));
    const start = at + BLOCK;
    at = start + Math.ceil(size / BLOCK) * BLOCK;
    if ("xgLK".includes(type)) {
      const bytes = blob.read(start, size);
      for (const [key, value] of extended(type, bytes)) (type === "g" ? shared : own).set(key, value);
    } else {
      yield { header, start, size: KINDS[type] ? 0 : size, type, records };
      own = new Map();
    }
  }
}

/** GNU puts a long name or target into a member of its own, pax all records of a file. */
function extended(type: string, bytes: Buffer): [string, string][] {
  const text = bytes.toString("latin1");
  if (type === "L") return [["path", text.replace(/\0.*$/s, "")]];
  if (type === "K") return [["linkpath", text.replace(/\0.*$/s, "")]];
  const records: [string, string][] = [];
  for (let at = 0; at < text.length; ) {
    const length = Number(text.slice(at, text.indexOf(" ", at)));
    if (!(length > 0)) break;
    const record = text.slice(text.indexOf(" ", at) + 1, at + length - 1);
    const equals = record.indexOf("=");
    records.push([record.slice(0, equals), record.slice(equals + 1)]);
    at += length;
  }
  return records;
}

function nameOf({ header, records }: Member): string {
  const prefix = header.toString("latin1", 257, 263) === "ustar\0" ? text(header, 345, 155) : "";
  return treePath(records.get("path") ?? (prefix ? `${prefix}/${text(header, 0, 100)}` : text(header, 0, 100)));
}

function node(blob: Blob, { header, start, size, type, records }: Member): Node {
  const kind = KINDS[type] ?? "file";
  const time = records.get("mtime") ?? String(number(header, 136, 12));
  const [seconds, fraction = ""] = time.split(".");
  const attributes = basicAttributes({
    mode: number(header, 100, 8),
    uid: Number(records.get("uid") ?? number(header, 108, 8)),
    gid: Number(records.get("gid") ?? number(header, 116, 8)),
    mtime: Number(seconds),
    nanoseconds: Number(fraction.padEnd(9, "0").slice(0, 9)),
  });
  const target = records.get("linkpath") ?? text(header, 157, 100);
  if (kind === "symlink") attributes.target = shownName(target);
  if (type === "1") attributes["hard link to"] = `/${shownName(treePath(target))}`;
  if (kind.endsWith("device")) attributes.device = shownDevice(number(header, 329, 8), number(header, 337, 8));
  const content =
    kind === "file" && type !== "1"
      ? { content: size === 0 ? new Bytes(Buffer.alloc(0)) : blob.slice(start, size) }
      : {};
  return { kind, attributes: { ...attributes, ...names(header, records), ...others(records) }, ...content };
}

function names(header: Buffer, records: Map<string, string>): Record<string, string> {
  const [owner, group] = [records.get("uname") ?? text(header, 265, 32), records.get("gname") ?? text(header, 297, 32)];
  return { ...(owner ? { "owner's name": owner } : {}), ...(group ? { "group's name": group } : {}) };
}

const TOLD = new Set(["path", "linkpath", "size", "uid", "gid", "uname", "gname", "mtime"]);
const XATTR = "SCHILY.xattr.";
const LABEL = "RHT.security.selinux";

function others(records: Map<string, string>): Record<string, string> {
  const rest = [...records].filter(([key]) => !TOLD.has(key));
  const shown = rest.map(([key, value]): [string, string] => {
    const name =
      key === LABEL
        ? "xattr security.selinux"
        : key.startsWith(XATTR)
          ? `xattr ${key.slice(XATTR.length)}`
          : `pax ${key}`;
    return [name, shownValue(Buffer.from(value, "latin1"))];
  });
  return Object.fromEntries(shown);
}

function text(header: Buffer, at: number, size: number): string {
  return header.toString("latin1", at, at + size).replace(/\0.*$/s, "");
}

/** Octal digits; where the first bit is set, a big-endian number. */
function number(header: Buffer, at: number, size: number): number {
  if ((header.readUInt8(at) & 0x80) !== 0) {
    const bytes = Buffer.from(header.subarray(at, at + size));
    bytes.writeUInt8(bytes.readUInt8(0) & 0x7f, 0);
    return Number(BigInt(`0x${bytes.toString("hex")}`));
  }
  return Number.parseInt(text(header, at, size).trim() || "0", 8);
}
