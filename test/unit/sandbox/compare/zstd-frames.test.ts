import { expect, test } from "vitest";
import { Bytes } from "../../../../sandbox/compare/blob.ts";
import { splitFrames } from "../../../../sandbox/compare/containers/zstd-frames.ts";

const MAGIC = "28b52ffd";

/** A frame of one raw block (RFC 8878): the descriptor, what stands behind it, the block. */
function frame(descriptor: number, fields: string, content: string, checksum = ""): Buffer {
  const block = Buffer.alloc(3);
  block.writeUIntLE((content.length << 3) | 1, 0, 3);
  const head = Buffer.from(
    `${MAGIC}${descriptor.toString(16).padStart(2, "0")}${fields}${block.toString("hex")}`,
    "hex",
  );
  return Buffer.concat([head, Buffer.from(content, "latin1"), Buffer.from(checksum, "hex")]);
}

function split(...parts: Buffer[]): [frames: Buffer, rest: string] {
  const { frames, rest } = splitFrames(new Bytes(Buffer.concat(parts)));
  return [frames.read(0, frames.size), rest.read(0, rest.size).toString("latin1")];
}

const window = frame(0x00, "58", "one");
const single = frame(0x24, "03", "two", "01020304");
const sized = frame(0x82, "58".padEnd(14, "0"), "three");

test("frames in a row, without the zeros between them", () => {
  expect(split(window, Buffer.alloc(5), single, sized, Buffer.alloc(70_000))).toEqual([
    Buffer.concat([window, single, sized]),
    "",
  ]);
});

test("several blocks, one of them a row of one byte", () => {
  const runs = Buffer.from(`${MAGIC}0058${"820000"}61${"010000"}`, "hex");
  expect(split(runs, Buffer.from("x"))).toEqual([runs, "x"]);
});

test("frames that are skipped", () => {
  const skipped = Buffer.from("502a4d1802000000ffff", "hex");
  expect(split(window, skipped, single)).toEqual([Buffer.concat([window, skipped, single]), ""]);
});

test("what follows, and frames that are cut off", () => {
  expect(split(window, Buffer.alloc(2), Buffer.from("070701 and so on"))).toEqual([window, "070701 and so on"]);
  const [frames, rest] = split(window, single.subarray(0, -1));
  expect([frames, rest.length]).toEqual([window, single.length - 1]);
  expect(split(single.subarray(0, 6))[0].length).toBe(0);
});
