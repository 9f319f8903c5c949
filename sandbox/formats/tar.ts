/**
 * tar archives in the pax format (POSIX.1-2001, pax(1); GNU tar and star write extended attributes the same way). The
 * bytes depend on the entries and the contents of files alone.
 */
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Writer } from "../context.ts";
import { Chunks } from "../tree/content.ts";
import { type TreeEntry, treeEntries } from "../tree/entries.ts";
import { BLOCK, header, type TarOptions } from "./tar-header.ts";

export const writeTar: Writer = async ({ context, root, output, devices }) => {
  const entries = await treeEntries(context, root, { devices });
  await pipeline(tarStream(root, entries), createWriteStream(output));
};

/** A tar archive of the entries of a tree, with the contents of its files, as a stream. */
export function tarStream(root: string, entries: Iterable<TreeEntry>, options: TarOptions = {}): Readable {
  return Readable.from(tarChunks(root, entries, options), { objectMode: false });
}

/** GNU tar's own padding: readers of tapes want whole records of 20 blocks. */
const RECORD = 20 * BLOCK;

export function* tarChunks(root: string, entries: Iterable<TreeEntry>, options: TarOptions = {}): Generator<Buffer> {
  const chunks = new Chunks();
  for (const entry of entries) {
    yield* chunks.bytes(header(entry, options));
    if (entry.size > 0) yield* chunks.file(root, entry.source ?? entry.path, entry.size);
    yield* chunks.zeros(padding(chunks.total, BLOCK));
  }
  yield* chunks.zeros(2 * BLOCK);
  yield* chunks.zeros(padding(chunks.total, RECORD));
  yield* chunks.rest();
}

function padding(total: number, unit: number): number {
  return (unit - (total % unit)) % unit;
}
