import { expect, test } from "vitest";
import { commandLine, verityWord, waitsForPartitions } from "../../../../sandbox/kernel/command-line.ts";

const ROOT = { type: "root-x86-64", uuid: "11111111-2222-4333-8444-555555555555" };
const USR = { type: "usr-x86-64", uuid: "66666666-2222-4333-8444-555555555555", roothash: "abc" };

test.each([
  [["root=PARTUUID"], true],
  [["quiet", "mount.usr=PARTUUID"], true],
  [["root=PARTUUID=1", "quiet"], false],
  [[], false],
])("%j waits for partitions: %s", (words, waits) => {
  expect(waitsForPartitions(words)).toBe(waits);
});

test("the tree's own words come first, and a placeholder becomes the partition's id", () => {
  expect(commandLine("rw audit=0\n", ["root=PARTUUID", "quiet"], [{ type: "esp", uuid: "e" }, ROOT])).toEqual([
    "rw audit=0",
    `root=PARTUUID=${ROOT.uuid}`,
    "quiet",
  ]);
});

test("a placeholder without its partition stays", () => {
  expect(commandLine("", ["mount.usr=PARTUUID"], [ROOT])).toEqual(["mount.usr=PARTUUID"]);
});

test("with a verity hash no placeholder is completed", () => {
  expect(commandLine("", ["root=PARTUUID"], [ROOT, USR])).toEqual(["usrhash=abc", "root=PARTUUID"]);
});

test.each([
  [[{ ...ROOT, roothash: "TBD" }, USR], "usrhash=abc"],
  [[USR, { ...ROOT, roothash: "def" }], "roothash=def"],
  [[ROOT], undefined],
])("verity word %#", (partitions, word) => {
  expect(verityWord(partitions)).toBe(word);
});
