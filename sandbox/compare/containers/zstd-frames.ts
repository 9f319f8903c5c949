/** Where the frames of zstd lie (RFC 8878, 3.1). */
import { type Blob, Mapped, type Piece, skipZeros } from "../blob.ts";

const FRAME = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const RUN_LENGTH = 1;

/**
 * The frames at a blob's start, without the zeros between them: initrds stand in a row and begin at multiples of four
 * bytes, but zstd takes padding for garbage. And what follows that is no frame.
 */
export function splitFrames(blob: Blob): { frames: Blob; rest: Blob } {
  const pieces: Piece[] = [];
  let [at, total] = [0, 0];
  for (let end = frameEnd(blob, at); end !== undefined; end = frameEnd(blob, at)) {
    pieces.push({ at: total, length: end - at, source: at });
    total += end - at;
    at = skipZeros(blob, end);
  }
  return { frames: new Mapped(blob, pieces), rest: blob.slice(at) };
}

/** Undefined where no whole frame begins. */
function frameEnd(blob: Blob, start: number): number | undefined {
  const head = blob.read(start, 8);
  if (head.length < 8) return undefined;
  const magic = head.readUInt32LE(0);
  const end = magic === FRAME ? blocksEnd(blob, start, head.readUInt8(4)) : start + 8 + head.readUInt32LE(4);
  const known = magic === FRAME || (magic & ~0xf) >>> 0 === SKIPPABLE;
  return known && end !== undefined && end <= blob.size ? end : undefined;
}

function blocksEnd(blob: Blob, start: number, descriptor: number): number | undefined {
  let at = start + 5 + headerSize(descriptor);
  for (let last = false; !last; ) {
    const block = blob.read(at, 3);
    if (block.length < 3) return undefined;
    const header = block.readUIntLE(0, 3);
    last = (header & 1) === 1;
    at += 3 + (((header >> 1) & 3) === RUN_LENGTH ? 1 : header >> 3);
  }
  return at + (descriptor & 4 ? 4 : 0);
}

/** Bytes behind the descriptor: of the window, the dictionary's id and the content's size. */
function headerSize(descriptor: number): number {
  const single = (descriptor & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const content = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  return (single ? 0 : 1) + dictionary + content;
}
