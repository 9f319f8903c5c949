import { createReadStream, createWriteStream, lstatSync, readlinkSync, type Stats } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Writer } from "../context.ts";
import { type BytePath, byCodeUnit, type Entry, onDisk, walk } from "../tree/walk.ts";

/** An initrd: a "newc" archive (kernel: Documentation/driver-api/early-userspace/buffer-format.rst). */
export const writeCpioImage: Writer = ({ context, root, output }) => writeCpio({ root, epoch: context.epoch, output });

export interface CpioOptions {
  root: string;
  /** Only these, relative to the root; everything unless said otherwise. */
  paths?: BytePath[];
  /** Seconds; later times are clamped to it. */
  epoch: number;
  output: string;
}

/** Writes a cpio archive whose bytes depend on names, modes, owners, clamped times and content only. */
export async function writeCpio(options: CpioOptions): Promise<void> {
  await pipeline(Readable.from(archive(options), { objectMode: false }), createWriteStream(options.output));
}

async function* archive({ root, paths, epoch }: CpioOptions): AsyncGenerator<Buffer> {
  const links = new Links();
  let inode = 1;
  for (const entry of paths ? listed(root, paths) : walk(root)) {
    if (entry.path === "") continue;
    const { number, first } = links.number(entry.stats, () => inode++);
    // Later names of one file carry no content: the kernel links them to the first.
    const size = entry.stats.isFile() && first ? entry.stats.size : 0;
    yield* member(root, entry, { inode: number, size, epoch });
  }
  yield header("TRAILER!!!", { inode: 0, mode: 0, uid: 0, gid: 0, links: 1, time: 0, size: 0, major: 0, minor: 0 });
}

function* listed(root: string, paths: BytePath[]): Generator<Entry> {
  for (const path of [...paths].sort(byCodeUnit)) yield { path, stats: lstatSync(onDisk(root, path)) };
}

/** Inode numbers counted from 1 in archive order, one for all names of a file. */
class Links {
  private readonly seen = new Map<string, number>();

  number(stats: Stats, next: () => number): { number: number; first: boolean } {
    if (!stats.isFile() || stats.nlink < 2) return { number: next(), first: true };
    const key = `${stats.dev}:${stats.ino}`;
    const known = this.seen.get(key);
    if (known !== undefined) return { number: known, first: false };
    const number = next();
    this.seen.set(key, number);
    return { number, first: true };
  }
}

async function* member(
  root: string,
  { path, stats }: Entry,
  { inode, size, epoch }: { inode: number; size: number; epoch: number },
): AsyncGenerator<Buffer> {
  const target = stats.isSymbolicLink() ? readlinkSync(onDisk(root, path), { encoding: "buffer" }) : undefined;
  const length = target?.length ?? size;
  const device = stats.isBlockDevice() || stats.isCharacterDevice() ? stats.rdev : 0;
  yield header(path, {
    inode,
    mode: stats.mode,
    uid: stats.uid,
    gid: stats.gid,
    links: stats.isDirectory() ? 2 : stats.nlink,
    time: Math.min(Math.floor(stats.mtimeMs / 1000), epoch),
    size: length,
    ...deviceNumbers(device),
  });
  if (target) yield target;
  else if (size > 0) yield* createReadStream(onDisk(root, path), { end: size - 1, highWaterMark: 1 << 20 });
  if (length % 4) yield Buffer.alloc(4 - (length % 4));
}

/** makedev(3) of the C library, taken apart. */
export function deviceNumbers(device: number): { major: number; minor: number } {
  const value = BigInt(device);
  return {
    major: Number(((value >> 8n) & 0xfffn) | ((value >> 32n) & 0xfffff000n)),
    minor: Number((value & 0xffn) | ((value >> 12n) & 0xffffff00n)),
  };
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
  const fields = [h.inode, h.mode, h.uid, h.gid, h.links, h.time, h.size, 0, 0, h.major, h.minor, bytes.length, 0];
  const text = `070701${fields.map((value) => value.toString(16).toUpperCase().padStart(8, "0")).join("")}`;
  const padding = (4 - ((text.length + bytes.length) % 4)) % 4;
  return Buffer.concat([Buffer.from(text), bytes, Buffer.alloc(padding)]);
}
