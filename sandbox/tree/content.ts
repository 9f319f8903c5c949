import { closeSync, openSync, readSync } from "node:fs";
import { BuildError } from "../errors.ts";
import { type BytePath, onDisk } from "./walk.ts";

/** How much of a stream is handed on at a time. */
export const CHUNK = 1 << 20;

/**
 * Joins headers and contents of files into chunks of `CHUNK` bytes. Files are read at once where they are needed: tens of
 * thousands of small ones cost little that way, and the reader of the stream gets its turn between two chunks.
 */
export class Chunks {
  private buffer = Buffer.allocUnsafe(CHUNK);
  private filled = 0;

  /** Bytes written so far. */
  total = 0;

  *bytes(data: Buffer): Generator<Buffer> {
    for (let at = 0; at < data.length; ) {
      const copied = data.copy(this.buffer, this.filled, at);
      at += copied;
      yield* this.advance(copied);
    }
  }

  *zeros(length: number): Generator<Buffer> {
    for (let left = length; left > 0; ) {
      const step = Math.min(left, CHUNK - this.filled);
      this.buffer.fill(0, this.filled, this.filled + step);
      left -= step;
      yield* this.advance(step);
    }
  }

  /** `size` bytes of a file, from `start` on. Throws where the file has fewer. */
  *file(root: string, path: BytePath, size: number, start = 0): Generator<Buffer> {
    const descriptor = openSync(onDisk(root, path), "r");
    try {
      for (let at = start; at < start + size; ) {
        const room = Math.min(start + size - at, CHUNK - this.filled);
        const count = readSync(descriptor, this.buffer, this.filled, room, at);
        if (count === 0) throw new BuildError("file-changed", `/${path} was changed while the output was written`);
        at += count;
        yield* this.advance(count);
      }
    } finally {
      closeSync(descriptor);
    }
  }

  /** What is left when all is written. */
  *rest(): Generator<Buffer> {
    if (this.filled > 0) yield this.buffer.subarray(0, this.filled);
    this.filled = 0;
  }

  private *advance(count: number): Generator<Buffer> {
    this.filled += count;
    this.total += count;
    if (this.filled < CHUNK) return;
    yield this.buffer;
    this.buffer = Buffer.allocUnsafe(CHUNK);
    this.filled = 0;
  }
}
