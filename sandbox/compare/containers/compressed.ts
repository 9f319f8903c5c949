import { createWriteStream, existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Place } from "../../protocol.ts";
import { type Blob, FileBlob } from "../blob.ts";
import type { Comparer, Container, Pair } from "../comparer.ts";
import { Damaged } from "../damaged.ts";
import { splitFrames } from "./zstd-frames.ts";

type Compare = NonNullable<Container["compare"]>;

/** Content that a tool unpacks: compared as what it unpacks to. */
function compressed(name: string, magic: string, compare: Compare): Container {
  return {
    place: { kind: "compressed", name },
    detects: (blob) => blob.read(0, magic.length / 2).toString("hex") === magic,
    compare,
    locate: (_blob, offset) => (offset < 18 ? `${name} header` : `${name} stream, whose content is the same`),
  };
}

/** With a tool that writes to its standard output. */
function through(...argv: string[]): Compare {
  return (pair, place, comparer) =>
    compareUnpacked(pair, place, comparer, async (packed, target) => {
      const binds = [{ source: packed, target: "/compare/packed", readOnly: true }];
      await comparer.run([...argv, "/compare/packed"], { binds, stdout: { file: target }, accept: FAILURES });
    });
}

/** With holes where there are long rows of zeros: images of disks are packed as well. */
const compareZstd: Compare = async ({ a, b }, place, comparer) => {
  const [left, right] = [splitFrames(a), splitFrames(b)];
  if (left.frames.size === 0 || right.frames.size === 0) throw new Damaged("zstd stream");
  await compareUnpacked({ a: left.frames, b: right.frames }, place, comparer, async (packed, target) => {
    const binds = [{ source: dirname(packed), target: "/compare" }];
    const files = ["-o", `/compare/${basename(target)}`, `/compare/${basename(packed)}`];
    await comparer.run(["zstd", "--decompress", "--sparse", "--quiet", ...files], { binds, accept: FAILURES });
  });
  const rest: Place = { kind: "archive", name: "what follows" };
  await comparer.compare({ a: left.rest, b: right.rest }, [...place, rest]);
};

/** What comes before garbage, or before a damaged place, is compared all the same. */
const FAILURES = [0, 1, 2];

async function compareUnpacked(
  pair: Pair<Blob>,
  place: Place[],
  comparer: Comparer,
  unpack: (packed: string, target: string) => Promise<void>,
): Promise<void> {
  await comparer.withFolder(async (folder) => {
    const file = (name: string) => join(folder, name);
    for (const name of ["a", "b"] as const) {
      await copy(pair[name], file(`${name}.packed`));
      await unpack(file(`${name}.packed`), file(name));
    }
    // zstd removes what it could not finish.
    if (![file("a"), file("b")].every(existsSync)) throw new Damaged("zstd stream");
    await comparer.compare({ a: new FileBlob(file("a")), b: new FileBlob(file("b")) }, place);
  });
}

/** Writes a blob into a file, in constant memory. */
export async function copy(blob: Blob, path: string): Promise<void> {
  const STEP = 1 << 20;
  function* chunks(): Generator<Buffer> {
    for (let at = 0; at < blob.size; at += STEP) yield blob.read(at, STEP);
  }
  await pipeline(Readable.from(chunks(), { objectMode: false }), createWriteStream(path));
}

export const compressions: readonly Container[] = [
  compressed("gzip", "1f8b", through("gzip", "--decompress", "--stdout", "--quiet")),
  compressed("xz", "fd377a585a00", through("xz", "--decompress", "--stdout", "--quiet")),
  compressed("zstd", "28b52ffd", compareZstd),
  compressed("bzip2", "425a68", through("bzip2", "--decompress", "--stdout", "--quiet")),
  compressed("lz4", "04224d18", through("lz4", "--decompress", "--stdout", "--quiet")),
  // The legacy frame, which the kernel reads.
  compressed("lz4", "02214c18", through("lz4", "--decompress", "--stdout", "--quiet")),
];
