import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Writer } from "../context.ts";
import { BuildError } from "../errors.ts";
import { Chunks } from "../tree/content.ts";
import { type EntryKind, type EntryOptions, listEntries, type TreeEntry } from "../tree/entries.ts";
import type { BytePath } from "../tree/walk.ts";

/** An initrd: a "newc" archive (kernel: Documentation/driver-api/early-userspace/buffer-format.rst). */
export const writeCpioImage: Writer = ({ context, root, output, devices }) =>
  writeCpio({ root, devices, epoch: context.epoch, output });

export interface CpioOptions extends EntryOptions {
  root: string;
  /** Seconds; later times are clamped to it. */
  epoch: number;
  output: string;
}

/** Writes a cpio archive whose bytes depend on names, modes, owners, clamped times and content only. */
export async function writeCpio({ root, epoch, output, ...options }: CpioOptions): Promise<void> {
  const entries = listEntries(root, epoch, options).filter(({ path }) => path !== "");
  await pipeline(Readable.from(archive(root, entries), { objectMode: false }), createWriteStream(output));
}

function* archive(root: string, entries: readonly TreeEntry[]): Generator<Buffer> {
  const chunks = new Chunks();
  const inodes = new Inodes(entries);
  for (const entry of entries) {
    const target = entry.target ?? Buffer.alloc(0);
    const length = target.length + entry.size;
    if (length > 0xffffffff) throw tooLarge(entry);
    yield* chunks.bytes(header(entry.path, { ...inodes.of(entry), ...fields(entry), size: length }));
    yield* chunks.bytes(target);
    if (entry.size > 0) yield* chunks.file(root, entry.path, entry.size);
    yield* chunks.zeros((4 - (length % 4)) % 4);
  }
  yield* chunks.bytes(
    header("TRAILER!!!", { inode: 0, mode: 0, uid: 0, gid: 0, links: 1, time: 0, size: 0, major: 0, minor: 0 }),
  );
  yield* chunks.rest();
}

function tooLarge({ path, size }: TreeEntry): BuildError {
  return new BuildError(
    "file-too-large",
    `/${path} has ${size} bytes: a file of a cpio archive has at most 4294967295`,
    {
      hint: "keep the file out of the image with RemoveFiles=, or choose another Format=",
    },
  );
}

/** Inode numbers counted from 1 in archive order, one for all names of a file, and how many names that are. */
class Inodes {
  private readonly names = new Map<BytePath, number>();
  private readonly numbers = new Map<BytePath, number>();

  constructor(entries: readonly TreeEntry[]) {
    for (const { path, linkTo = path } of entries) this.names.set(linkTo, (this.names.get(linkTo) ?? 0) + 1);
  }

  of({ path, kind, linkTo = path }: TreeEntry): { inode: number; links: number } {
    const inode = this.numbers.get(linkTo) ?? this.numbers.size + 1;
    this.numbers.set(linkTo, inode);
    return { inode, links: kind === "directory" ? 2 : (this.names.get(linkTo) ?? 1) };
  }
}

/** File types of stat(2). */
const TYPES: Record<EntryKind, number> = {
  fifo: 0o010000,
  character: 0o020000,
  directory: 0o040000,
  block: 0o060000,
  file: 0o100000,
  symlink: 0o120000,
};

function fields({ kind, mode, uid, gid, mtime, device }: TreeEntry) {
  return { mode: TYPES[kind] | mode, uid, gid, time: mtime, major: device?.major ?? 0, minor: device?.minor ?? 0 };
}

interface Header {
  inode: number;
  mode: number;
  uid: number;
  gid: number;
  links: number;
  time: number;
  size: number;
  major: number;
  minor: number;
}

function header(name: BytePath, h: Header): Buffer {
  const bytes = Buffer.from(`${name}\0`, "latin1");
  const values = [h.inode, h.mode, h.uid, h.gid, h.links, h.time, h.size, 0, 0, h.major, h.minor, bytes.length, 0];
  const text = `070701${values.map((value) => value.toString(16).toUpperCase().padStart(8, "0")).join("")}`;
  const padding = (4 - ((text.length + bytes.length) % 4)) % 4;
  return Buffer.concat([Buffer.from(text), bytes, Buffer.alloc(padding)]);
}
