import { expect, test } from "vitest";
import { type Definition, parseSettings } from "../../../../sandbox/partitions/definitions.ts";
import { mebibytes, requireFits, sizeBytes } from "../../../../sandbox/partitions/sizes.ts";

test.each([
  ["4096", 4096],
  ["512B", 512],
  ["10K", 10_240],
  [" 40M ", 41_943_040],
  ["1.5 G", 1_610_612_736],
  ["4OM", undefined],
  ["-1", undefined],
  ["", undefined],
])("%j is %s bytes", (text, expected) => {
  expect(sizeBytes(text)).toBe(expected);
});

test("for people", () => {
  expect(mebibytes(60_000_000)).toBe("57.2 MiB");
});

const definition = (text: string): Definition => ({ name: "x.conf", text, settings: parseSettings(text) });

test("a filesystem above the largest size", () => {
  const limited = definition("[Partition]\nSizeMaxBytes=40M\n");
  expect(() => requireFits("main", limited, 60_000_000)).toThrow(
    expect.objectContaining({
      message: "main: x.conf: the filesystem has 57.2 MiB, and the partition has at most SizeMaxBytes=40M",
      hint: "raise SizeMaxBytes=, or copy less (repart.d(5))",
    }),
  );
  requireFits("main", limited, 40 << 20);
  requireFits("main", definition("[Partition]\n"), 60_000_000);
});
