import { PassThrough, type Readable } from "node:stream";

const HEADER = 8;
const STDERR = 2;

/**
 * Splits an attach stream without terminal into standard output and error. Each frame is one byte of stream type
 * (1 output, 2 error), three of padding, and a big-endian length (Docker Engine API, ContainerAttach, "Stream format").
 * A slow reader of standard output slows the container down. Standard error is buffered instead, so that one who
 * reads the two streams one after the other, or only the first, does not wait forever.
 */
export function demux(source: Readable): { stdout: Readable; stderr: Readable } {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  // Whoever reads a stream is told of its error; where nobody does, the error of one stream must not end the process.
  for (const stream of [stdout, stderr]) stream.on("error", () => stream.destroy());
  const parse = frames((type, data) => {
    if (type === STDERR) return void stderr.write(data);
    if (!stdout.write(data)) pause(source, stdout);
  });
  source.on("data", parse);
  source.on("error", (error: NodeJS.ErrnoException) => {
    // What was written to a container that has ended; its own output is complete.
    if (error.code === "EPIPE") return;
    stdout.destroy(error);
    stderr.destroy(error);
  });
  source.on("close", () => {
    stdout.end();
    stderr.end();
  });
  return { stdout, stderr };
}

function pause(source: Readable, stdout: PassThrough): void {
  if (source.isPaused()) return;
  source.pause();
  stdout.once("drain", () => source.resume());
}

/** Calls `onData` with the payload of each frame, in pieces as they arrive. */
export function frames(onData: (type: number, data: Buffer) => void): (chunk: Buffer) => void {
  const header = Buffer.alloc(HEADER);
  let filled = 0;
  let remaining = 0;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (remaining > 0) {
        const end = Math.min(chunk.length, at + remaining);
        onData(header[0] ?? 0, chunk.subarray(at, end));
        remaining -= end - at;
        at = end;
        continue;
      }
      const taken = chunk.copy(header, filled, at, at + HEADER - filled);
      filled += taken;
      at += taken;
      if (filled < HEADER) return;
      filled = 0;
      remaining = header.readUInt32BE(4);
    }
  };
}
