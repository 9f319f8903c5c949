import { basename, dirname } from "node:path";
import type { Context } from "../context.ts";
import type { ImagePlan } from "../protocol.ts";

/**
 * Every command's output depends on its input and level alone, not on the number of processors (zstd(1), xz(1),
 * lz4(1)). A level that a tool does not have becomes the nearest that it has.
 */
const COMMANDS: Record<Exclude<ImagePlan["compression"], "none">, (level: number, initrd: boolean) => string[]> = {
  // One or more workers split the input at the same places.
  zstd: (level) => ["zstd", "--quiet", "--stdout", "--threads=0", `-${level}`, ...(level > 19 ? ["--ultra"] : [])],
  xz: (level) => ["xz", "--stdout", "--check=crc32", "--threads=+0", "--block-size=24MiB", `-${between(0, level, 9)}`],
  gzip: (level) => ["gzip", "--stdout", "--no-name", `-${between(1, level, 9)}`],
  bzip2: (level) => ["bzip2", "--stdout", `-${between(1, level, 9)}`],
  // Of an initrd the kernel reads the legacy frame alone (lib/decompress_unlz4.c).
  lz4: (level, initrd) => ["lz4", "-q", "-c", "-T1", ...(initrd ? ["-l"] : []), `-${between(1, level, 12)}`],
  lzma: (level) => ["xz", "--format=lzma", "--stdout", `-${between(0, level, 9)}`],
};

/** What ends the name of a compressed file. */
const EXTENSIONS: Record<Exclude<ImagePlan["compression"], "none">, string> = {
  zstd: "zst",
  xz: "xz",
  gzip: "gz",
  bzip2: "bz2",
  lz4: "lz4",
  lzma: "lzma",
};

/** The name that a file gets from `compress`. */
export function compressedName(name: string, { compression }: Pick<ImagePlan, "compression">): string {
  return compression === "none" ? name : `${name}.${EXTENSIONS[compression]}`;
}

/** Formats whose compressed part is unpacked by the kernel. */
const INITRDS: readonly string[] = ["cpio", "uki", "esp", "addon"];

function between(least: number, level: number, most: number): number {
  return Math.min(Math.max(level, least), most);
}

/** Compresses a file of the volume into another, as CompressOutput= says; without compression it is copied. */
export async function compress(context: Context, from: string, to: string): Promise<void> {
  const { image, run } = context;
  if (image.compression === "none") return copy(context, from, to);
  const input = { source: from, target: "/input", readOnly: true };
  const initrd = INITRDS.includes(image.format);
  const argv = [...COMMANDS[image.compression](image.compressionLevel, initrd), "/input"];
  await run(argv, { binds: [input], stdout: { file: to } });
}

/** Copies a file, its holes as well. */
export async function copy({ run }: Context, from: string, to: string): Promise<void> {
  const input = { source: from, target: "/input", readOnly: true };
  const binds = [input, { source: dirname(to), target: "/output" }];
  await run(
    ["cp", "--no-preserve=mode", "--sparse=always", "--reflink=auto", "--", "/input", `/output/${basename(to)}`],
    { binds },
  );
}
