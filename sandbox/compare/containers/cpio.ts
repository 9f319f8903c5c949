/** Initrds: "newc" archives, compressed or not, one after the other (kernel: Documentation/driver-api/early-userspace/buffer-format.rst). */
import type { Place } from "../../protocol.ts";
import { type Blob, Bytes, skipZeros } from "../blob.ts";
import type { Container } from "../comparer.ts";
import { basicAttributes, kindOf, type Node, shownDevice, shownName, type Tree, treePath } from "../tree.ts";
import { compareTrees } from "../trees.ts";

const HEADER = 110;
const FIELDS = [
  "inode",
  "mode",
  "owner",
  "group",
  "links",
  "mtime",
  "size",
  "device",
  "device",
  "rdev",
  "rdev",
  "name size",
  "checksum",
];

interface Member {
  name: string;
  /** In the order of FIELDS. */
  numbers: number[];
  /** Bytes from the blob's start: its header, its content. */
  header: number;
  start: number;
}

interface Part {
  /** What an archive holds; absent: something else follows, compressed as a rule. */
  members?: Member[];
  start: number;
  end: number;
}

export const cpio: Container = {
  place: { kind: "archive", name: "cpio" },
  detects: (blob) => isHeader(blob, 0),
  compare: async (pair, place, comparer) => {
    const [a, b] = [readParts(pair.a), readParts(pair.b)];
    for (let index = 0; index < Math.max(a.length, b.length); index++) {
      const [left, right] = [a[index], b[index]];
      const inner: Place[] =
        index === 0 ? place : [...place.slice(0, -1), { kind: "archive", name: `part ${index + 1}` }];
      if (left?.members && right?.members) {
        const trees = { a: toTree(pair.a, left.members), b: toTree(pair.b, right.members) };
        await compareTrees(trees, inner, comparer, { ordered: true });
      } else if (left && right) {
        const blobs = {
          a: pair.a.slice(left.start, left.end - left.start),
          b: pair.b.slice(right.start, right.end - right.start),
        };
        await comparer.compare(blobs, inner);
      } else comparer.report(inner, { kind: "only", what: "archive", ...(left ? { a: "there" } : { b: "there" }) });
    }
  },
  locate,
};

function isHeader(blob: Blob, at: number): boolean {
  return /^07070[12]$/.test(blob.read(at, 6).toString("latin1"));
}

function readParts(blob: Blob): Part[] {
  const parts: Part[] = [];
  for (let at = skipZeros(blob, 0); at < blob.size; ) {
    if (!isHeader(blob, at)) {
      parts.push({ start: at, end: blob.size });
      break;
    }
    const members = [...readMembers(blob, at)];
    const last = members.pop();
    const end = last === undefined ? blob.size : align(last.start);
    parts.push({ members, start: at, end });
    at = skipZeros(blob, end);
  }
  return parts;
}

/** The last one is the archive's trailer. */
function* readMembers(blob: Blob, first: number): Generator<Member> {
  for (let at = first; isHeader(blob, at); ) {
    const text = blob.read(at, HEADER).toString("latin1");
    const numbers = FIELDS.map((_, index) => Number.parseInt(text.slice(6 + index * 8, 14 + index * 8), 16));
    const [size = 0, nameSize = 0] = [numbers[6], numbers[11]];
    const name = blob.read(at + HEADER, Math.max(0, nameSize - 1)).toString("latin1");
    const start = align(at + HEADER + nameSize);
    yield { name, numbers, header: at, start };
    if (name === "TRAILER!!!") return;
    at = align(start + size);
  }
}

function align(offset: number): number {
  return Math.ceil(offset / 4) * 4;
}

function toTree(blob: Blob, members: readonly Member[]): Tree {
  const tree: Tree = new Map();
  const linked = new Map<number, string>();
  for (const { name, numbers, start } of members) {
    const [inode = 0, mode = 0, uid = 0, gid = 0, links = 0, mtime = 0, size = 0, , , major = 0, minor = 0] = numbers;
    const kind = kindOf(mode);
    const path = treePath(name);
    const first = links > 1 && kind === "file" ? linked.get(inode) : undefined;
    linked.set(inode, first ?? path);
    const attributes = basicAttributes({ mode, uid, gid, mtime });
    if (kind === "symlink") attributes.target = shownName(blob.read(start, size).toString("latin1"));
    if (kind.endsWith("device")) attributes.device = shownDevice(major, minor);
    if (first !== undefined) attributes["hard link to"] = `/${shownName(first)}`;
    const content = size === 0 ? new Bytes(Buffer.alloc(0)) : blob.slice(start, size);
    const derived = { inode: String(inode), links: String(links) };
    const node: Node = { kind, attributes, derived, ...(kind === "file" ? { content } : {}) };
    tree.set(path, node);
  }
  return tree;
}

function locate(blob: Blob, offset: number): string {
  for (const { members = [] } of readParts(blob)) {
    const member = members.findLast(({ header }) => header <= offset);
    if (member === undefined || offset > align(member.start + (member.numbers[6] ?? 0))) continue;
    const field = FIELDS[Math.floor((offset - member.header - 6) / 8)];
    const name = `/${shownName(treePath(member.name))}`;
    return offset < member.header + HEADER ? `header of ${name}, ${field ?? "magic"}` : `padding of ${name}`;
  }
  return "trailer";
}
