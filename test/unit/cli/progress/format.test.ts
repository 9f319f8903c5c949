import { expect, it } from "vitest";
import { amount, bar, byteSize, duration, explanation } from "../../../../src/cli/progress/format.ts";

it.each([
  [0, "0.0 s"],
  [4.25, "4.3 s"],
  [59.9, "59.9 s"],
  [59.96, "1 min 00 s"],
  [187.4, "3 min 07 s"],
])("duration %d", (seconds, expected) => expect(duration(seconds)).toBe(expected));

it.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KiB"],
  [150 * 1024, "150 KiB"],
  [1.5 * 1024 ** 3, "1.5 GiB"],
  [1024 ** 2 - 1, "1.0 MiB"],
])("byteSize %d", (bytes, expected) => expect(byteSize(bytes)).toBe(expected));

it.each([
  [0, 10, "░░░░"],
  [5, 10, "██░░"],
  [20, 10, "████"],
  [5, 0, "░░░░"],
])("bar %d of %d", (current, total, expected) => expect(bar(current, total, 4)).toBe(expected));

it("amount", () => {
  const progress = { type: "progress", id: "1", current: 2048, total: 4096 } as const;
  expect(amount({ ...progress, unit: "bytes" })).toBe("2.0 KiB of 4.0 KiB");
  expect(amount({ ...progress, unit: "items" })).toBe("2048 of 4096");
  expect(amount({ ...progress, unit: "items", total: 0 })).toBe("2048");
});

it("explanation", () => {
  const layer = { type: "layer", image: "main", layer: "packages", key: "0123456789abcdef" } as const;
  expect(explanation({ ...layer, cached: true, changed: [] })).toEqual(["main: layer packages reused (0123456789ab)"]);
  expect(explanation({ ...layer, cached: false, changed: [] })).toEqual([
    "main: layer packages built for the first time (0123456789ab)",
  ]);
  expect(explanation({ ...layer, cached: false, changed: ["Packages"] })).toEqual([
    "main: layer packages built again (0123456789ab), for there changed:",
    "  Packages",
  ]);
});
