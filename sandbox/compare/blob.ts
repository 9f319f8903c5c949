import { closeSync, openSync, readSync, statSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { Damaged } from "./damaged.ts";

/** Bytes that can be read at any place: a file, a part of one, or what a file system keeps in pieces. */
export abstract class Blob {
  abstract readonly size: number;

  /** Fills `target` with what begins at `position`; all of it lies within the blob. */
  abstract fill(target: Buffer, position: number): void;

  /** Up to `length` bytes; fewer at the end. */
  read(position: number, length: number): Buffer {
    const buffer = Buffer.alloc(Math.max(0, Math.min(length, this.size - position)));
    if (buffer.length > 0) this.fill(buffer, position);
    return buffer;
  }

  /** A part; cut off where the blob ends. */
  slice(start: number, length = this.size - start): Blob {
    const from = Math.min(start, this.size);
    return new Mapped(this, [{ at: 0, length: Math.min(length, this.size - from), source: from }]);
  }
}

/** A file. It is open only while it is read: a tree may have any number of them. */
export class FileBlob extends Blob {
  readonly size: number;
  readonly path: string | Buffer;

  constructor(path: string | Buffer) {
    super();
    this.path = path;
    this.size = statSync(path).size;
  }

  fill(target: Buffer, position: number): void {
    const file = openSync(this.path, "r");
    try {
      let done = 0;
      while (done < target.length) {
        const read = readSync(file, target, done, target.length - done, position + done);
        if (read === 0) throw new Error(`${this.path} became shorter while it was read`);
        done += read;
      }
    } finally {
      closeSync(file);
    }
  }
}

export class Bytes extends Blob {
  readonly size: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    super();
    this.#bytes = bytes;
    this.size = bytes.length;
  }

  fill(target: Buffer, position: number): void {
    this.#bytes.copy(target, 0, position, position + target.length);
  }
}

/** `length` bytes at `at`, which lie at `source` of another blob; in a hole, nowhere. In ascending order, without overlap. */
export interface Piece {
  at: number;
  length: number;
  source: number | undefined;
}

/** Pieces of another blob, one after the other; zeros between them. */
export class Mapped extends Blob {
  readonly size: number;
  readonly source: Blob;
  readonly pieces: readonly Piece[];

  constructor(source: Blob, pieces: readonly Piece[], size?: number) {
    super();
    this.source = source;
    this.pieces = pieces;
    this.size = size ?? pieces.reduce((end, { at, length }) => Math.max(end, at + length), 0);
  }

  fill(target: Buffer, position: number): void {
    target.fill(0);
    const end = position + target.length;
    for (const { at, length, source } of this.pieces) {
      if (at >= end) break;
      const [from, to] = [Math.max(at, position), Math.min(at + length, end)];
      if (source === undefined || from >= to) continue;
      if (source + to - at > this.source.size) throw new Damaged("content of a file");
      this.source.fill(target.subarray(from - position, to - position), source + from - at);
    }
  }
}

const CHUNK = 1 << 20;
const [chunkA, chunkB] = [Buffer.alloc(CHUNK), Buffer.alloc(CHUNK)];

/** Where two blobs begin to differ: undefined where they are the same. In constant memory; others get their turn in between. */
export async function firstDifference(a: Blob, b: Blob): Promise<number | undefined> {
  const common = Math.min(a.size, b.size);
  for (let position = 0; position < common; position += CHUNK) {
    const length = Math.min(CHUNK, common - position);
    const [partA, partB] = [chunkA.subarray(0, length), chunkB.subarray(0, length)];
    a.fill(partA, position);
    b.fill(partB, position);
    if (!partA.equals(partB)) return position + partA.findIndex((byte, index) => byte !== partB[index]);
    if (position % (64 * CHUNK) === 0) await setImmediate();
  }
  return a.size === b.size ? undefined : common;
}

/** Where the next byte lies that is not zero. */
export function skipZeros(blob: Blob, from: number): number {
  const STEP = 65_536;
  for (let at = from; at < blob.size; at += STEP) {
    const index = blob.read(at, STEP).findIndex((byte) => byte !== 0);
    if (index !== -1) return at + index;
  }
  return blob.size;
}
