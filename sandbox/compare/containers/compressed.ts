import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Blob, FileBlob } from "../blob.ts";
import type { Comparer, Container } from "../comparer.ts";

/** Content that a tool unpacks: compared as what it unpacks to. */
function compressed(name: string, magic: string, argv: string[]): Container {
  return {
    place: { kind: "compressed", name },
    detects: (blob) => blob.read(0, magic.length / 2).toString("hex") === magic,
    compare: async ({ a, b }, place, comparer) => {
      await comparer.withFolder(async (folder) => {
        const unpacked = {
          a: await unpack(a, folder, "a", argv, comparer),
          b: await unpack(b, folder, "b", argv, comparer),
        };
        await comparer.compare(unpacked, place);
      });
    },
    locate: (_blob, offset) => (offset < 18 ? `${name} header` : `${name} stream, whose content is the same`),
  };
}

/** What is unpacked; by tools that can, with holes where it has long rows of zeros. */
async function unpack(blob: Blob, folder: string, name: string, argv: string[], comparer: Comparer): Promise<Blob> {
  const packed = join(folder, `${name}.packed`);
  await copy(blob, packed);
  const target = join(folder, name);
  // Archives of initrds stand in a row, with zeros between them, which tools take for garbage.
  const accept = [0, 1, 2];
  if (argv.includes("--sparse")) {
    const words = [...argv, "-o", `/compare/${name}`, `/compare/${name}.packed`];
    await comparer.run(words, { binds: [{ source: folder, target: "/compare" }], accept });
  } else {
    const binds = [{ source: packed, target: "/compare/packed", readOnly: true }];
    await comparer.run([...argv, "/compare/packed"], { binds, stdout: { file: target }, accept });
  }
  return new FileBlob(target);
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
  compressed("gzip", "1f8b", ["gzip", "--decompress", "--stdout", "--quiet"]),
  compressed("xz", "fd377a585a00", ["xz", "--decompress", "--stdout", "--quiet"]),
  compressed("zstd", "28b52ffd", ["zstd", "--decompress", "--sparse", "--quiet"]),
  compressed("bzip2", "425a68", ["bzip2", "--decompress", "--stdout", "--quiet"]),
  compressed("lz4", "04224d18", ["lz4", "--decompress", "--stdout", "--quiet"]),
];
