import { byCodeUnit } from "../../tree/walk.ts";
import { type Blob, Mapped, type Piece } from "../blob.ts";
import type { Node, Tree } from "../tree.ts";

const FOLDER = 0x10;
const VOLUME = 0x08;
const LONG_NAME = 0x0f;
const ENTRY = 32;

interface Entry {
  /** UTF-8, a character for each byte. */
  name: string;
  bytes: Buffer;
}

/** Reads a file system without mounting it. */
export class Fat {
  readonly blob: Blob;
  readonly #cluster: number;
  readonly #table: number;
  readonly #tableLength: number;
  readonly #root: number;
  readonly #rootLength: number;
  readonly #data: number;
  readonly #bits: 12 | 16 | 32;
  readonly #rootCluster: number;

  /** All lengths in bytes. */
  constructor(blob: Blob) {
    this.blob = blob;
    const boot = blob.read(0, 512);
    const sector = boot.readUInt16LE(0x0b);
    const small = boot.readUInt16LE(0x16);
    this.#cluster = sector * boot.readUInt8(0x0d);
    this.#table = sector * boot.readUInt16LE(0x0e);
    this.#tableLength = sector * (small || boot.readUInt32LE(0x24));
    this.#root = this.#table + this.#tableLength * boot.readUInt8(0x10);
    this.#rootLength = Math.ceil((boot.readUInt16LE(0x11) * ENTRY) / sector) * sector;
    this.#data = this.#root + this.#rootLength;
    const sectors = boot.readUInt16LE(0x13) || boot.readUInt32LE(0x20);
    const clusters = Math.floor((sectors * sector - this.#data) / (this.#cluster || sector));
    // The specification has the number of clusters alone decide.
    this.#bits = clusters < 4085 ? 12 : clusters < 65525 ? 16 : 32;
    this.#rootCluster = small === 0 ? boot.readUInt32LE(0x2c) : 0;
  }

  tree(): Tree {
    const tree: Tree = new Map();
    const root = this.#rootCluster ? this.#chain(this.#rootCluster) : this.blob.slice(this.#root, this.#rootLength);
    tree.set("", { kind: "directory", attributes: {} });
    this.#add(tree, "", root, 0);
    return tree;
  }

  #add(tree: Tree, path: string, folder: Blob, depth: number): void {
    const entries = [...readFolder(folder.read(0, folder.size))].sort((a, b) => byCodeUnit(a.name, b.name));
    for (const { name, bytes } of entries) {
      const inner = path === "" ? name : `${path}/${name}`;
      const isFolder = (bytes.readUInt8(11) & FOLDER) !== 0;
      const high = this.#bits === 32 ? bytes.readUInt16LE(20) : 0;
      const cluster = bytes.readUInt16LE(26) + high * 0x10000;
      tree.set(inner, this.#node(bytes, isFolder, cluster));
      // In a broken file system a folder may lie in itself.
      if (isFolder && depth < 64) this.#add(tree, inner, this.#chain(cluster), depth + 1);
    }
  }

  #node(bytes: Buffer, isFolder: boolean, cluster: number): Node {
    const attributes = {
      mtime: stamp(bytes.readUInt16LE(24), bytes.readUInt16LE(22)),
      ...flags(bytes.readUInt8(11)),
    };
    const derived = {
      "short name": JSON.stringify(bytes.toString("latin1", 0, 11)),
      "creation time": stamp(bytes.readUInt16LE(16), bytes.readUInt16LE(14), bytes.readUInt8(13)),
      "access date": stamp(bytes.readUInt16LE(18), 0),
    };
    if (isFolder) return { kind: "directory", attributes, derived };
    const size = bytes.readUInt32LE(28);
    return { kind: "file", attributes, derived, content: this.#chain(size === 0 ? 0 : cluster, size) };
  }

  /** The clusters that follow each other from `first` on; as long as they are where `size` is not given. */
  #chain(first: number, size?: number): Blob {
    const pieces: Piece[] = [];
    const most = Math.floor((this.#tableLength * 8) / this.#bits);
    for (let cluster = first; cluster >= 2 && cluster < most && pieces.length < most; cluster = this.#next(cluster)) {
      const source = this.#data + (cluster - 2) * this.#cluster;
      pieces.push({ at: pieces.length * this.#cluster, length: this.#cluster, source });
    }
    return new Mapped(this.blob, pieces, size ?? pieces.length * this.#cluster);
  }

  #next(cluster: number): number {
    if (this.#bits === 32) return this.blob.read(this.#table + cluster * 4, 4).readUInt32LE(0) & 0x0fffffff;
    if (this.#bits === 16) return this.blob.read(this.#table + cluster * 2, 2).readUInt16LE(0);
    const pair = this.blob.read(this.#table + Math.floor(cluster * 1.5), 2).readUInt16LE(0);
    return cluster % 2 ? pair >> 4 : pair & 0xfff;
  }

  locate(offset: number): string {
    if (offset < 512) return "boot sector";
    if (offset < this.#table) return "reserved sectors";
    if (offset < this.#root) return "file allocation table";
    if (offset < this.#data) return "root folder";
    return `cluster ${2 + Math.floor((offset - this.#data) / this.#cluster)}`;
  }
}

/** The entries of a folder, each with the long name that stands before it where there is one. */
function* readFolder(bytes: Buffer): Generator<Entry> {
  let long: string[] = [];
  for (let at = 0; at + ENTRY <= bytes.length; at += ENTRY) {
    const entry = bytes.subarray(at, at + ENTRY);
    const [first, kind] = [entry.readUInt8(0), entry.readUInt8(11)];
    if (first === 0) return;
    if (first === 0xe5) long = [];
    else if (kind === LONG_NAME) long.unshift(longPart(entry));
    else {
      const name = long.length > 0 ? long.join("").replace(/\0.*$/s, "") : shortName(entry);
      long = [];
      if (!(kind & VOLUME) && name !== "." && name !== "..")
        yield { name: Buffer.from(name).toString("latin1"), bytes: entry };
    }
  }
}

function longPart(entry: Buffer): string {
  const parts = [entry.subarray(1, 11), entry.subarray(14, 26), entry.subarray(28, 32)];
  return Buffer.concat(parts).toString("utf16le");
}

/** Bits 3 and 4 of byte 12 say which part is in lower case. */
function shortName(entry: Buffer): string {
  const cases = entry.readUInt8(12);
  const [base, extension] = [entry.toString("latin1", 0, 8).trimEnd(), entry.toString("latin1", 8, 11).trimEnd()];
  const name = cases & 0x08 ? base.toLowerCase() : base;
  const rest = cases & 0x10 ? extension.toLowerCase() : extension;
  return rest === "" ? name : `${name}.${rest}`;
}

/** Local time, which has no zone; `tenths` are hundredths of a second. */
function stamp(date: number, time: number, tenths = 0): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const [year, month, day] = [1980 + (date >> 9), (date >> 5) & 15, date & 31];
  const seconds = (time & 31) * 2 + Math.floor(tenths / 100);
  return `${year}-${two(month)}-${two(day)} ${two(time >> 11)}:${two((time >> 5) & 63)}:${two(seconds)}`;
}

const FLAGS: [number, string][] = [
  [0x01, "read-only"],
  [0x02, "hidden"],
  [0x04, "system"],
];

function flags(value: number): Record<string, string> {
  return Object.fromEntries(FLAGS.filter(([bit]) => value & bit).map(([, name]) => [name, "yes"]));
}
