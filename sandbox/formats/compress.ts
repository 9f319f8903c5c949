import { basename, dirname } from "node:path";
import type { Context } from "../context.ts";
import type { ImagePlan } from "../protocol.ts";

/** Every command's output depends on its input and level alone, not on the number of processors (zstd(1), xz(1)). */
const COMMANDS: Record<Exclude<ImagePlan["compression"], "none">, (level: number) => string[]> = {
  // One or more workers split the input at the same places.
  zstd: (level) => ["zstd", "--quiet", "--stdout", "--threads=0", `-${level}`, ...(level > 19 ? ["--ultra"] : [])],
  xz: (level) => ["xz", "--stdout", "--check=crc32", "--threads=+0", "--block-size=24MiB", `-${Math.min(level, 9)}`],
  gzip: (level) => ["gzip", "--stdout", "--no-name", `-${Math.min(Math.max(level, 1), 9)}`],
};

/** Compresses a file of the volume into another, as CompressOutput= says; without compression it is copied. */
export async function compress(context: Context, from: string, to: string): Promise<void> {
  const { image, run } = context;
  if (image.compression === "none") return copy(context, from, to);
  const input = { source: from, target: "/input", readOnly: true };
  const argv = [...COMMANDS[image.compression](image.compressionLevel), "/input"];
  await run(argv, { binds: [input], stdout: { file: to } });
}

/** Copies a file, its holes as well. */
export async function copy({ run }: Context, from: string, to: string): Promise<void> {
  const input = { source: from, target: "/input", readOnly: true };
  const binds = [input, { source: dirname(to), target: "/output" }];
  await run(["cp", "--sparse=always", "--reflink=auto", "--", "/input", `/output/${basename(to)}`], { binds });
}
