import { expect, test } from "vitest";
import type { Context } from "../../../../sandbox/context.ts";
import { compress } from "../../../../sandbox/formats/compress.ts";
import type { ImagePlan } from "../../../../sandbox/protocol.ts";
import type { Run } from "../../../../sandbox/run.ts";

/** Only what the code under test reads. */
function context(compression: ImagePlan["compression"], compressionLevel: number, run: Run, format = "tar"): Context {
  return { image: { compression, compressionLevel, format }, run } as unknown as Context;
}

test.each<[ImagePlan["compression"], number, string]>([
  ["zstd", 3, "zstd --quiet --stdout --threads=0 -3 /input"],
  ["zstd", 19, "zstd --quiet --stdout --threads=0 -19 /input"],
  ["zstd", 22, "zstd --quiet --stdout --threads=0 -22 --ultra /input"],
  ["xz", 0, "xz --stdout --check=crc32 --threads=+0 --block-size=24MiB -0 /input"],
  ["xz", 12, "xz --stdout --check=crc32 --threads=+0 --block-size=24MiB -9 /input"],
  ["gzip", 0, "gzip --stdout --no-name -1 /input"],
  ["gzip", 12, "gzip --stdout --no-name -9 /input"],
  ["bzip2", 0, "bzip2 --stdout -1 /input"],
  ["lz4", 3, "lz4 -q -c -T1 -3 /input"],
  ["lzma", 3, "xz --format=lzma --stdout -3 /input"],
])("%s at level %d", async (compression, level, command) => {
  const calls: Parameters<Run>[] = [];
  const run: Run = async (...call) => {
    calls.push(call);
    return { exitCode: 0, stdout: "" };
  };
  await compress(context(compression, level, run), "/from", "/to");
  expect(calls.map(([argv, options]) => [argv.join(" "), options])).toEqual([
    [command, { binds: [{ source: "/from", target: "/input", readOnly: true }], stdout: { file: "/to" } }],
  ]);
});

test("lz4 of an initrd has the frame that the kernel reads", async () => {
  let words: readonly string[] = [];
  const run: Run = async (argv) => {
    words = argv;
    return { exitCode: 0, stdout: "" };
  };
  await compress(context("lz4", 3, run, "cpio"), "/from", "/to");
  expect(words).toEqual(["lz4", "-q", "-c", "-T1", "-l", "-3", "/input"]);
});

test("without compression the file is copied with its holes", async () => {
  const calls: Parameters<Run>[] = [];
  const run: Run = async (...call) => {
    calls.push(call);
    return { exitCode: 0, stdout: "" };
  };
  await compress(context("none", 3, run), "/from", "/output-folder/to");
  const binds = [
    { source: "/from", target: "/input", readOnly: true },
    { source: "/output-folder", target: "/output" },
  ];
  const words = ["cp", "--no-preserve=mode", "--sparse=always", "--reflink=auto", "--", "/input", "/output/to"];
  expect(calls).toEqual([[words, { binds }]]);
});
