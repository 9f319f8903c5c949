import { describe, expect, test } from "vitest";
import { splitArtifacts } from "../../../../src/config/values/artifacts.ts";
import { enumeration, wordList } from "../../../../src/config/values/enumeration.ts";
import { adds, contextWith, matches, reads, refuses } from "./context.ts";

const color = enumeration({
  noun: "color",
  values: ["red", "green", "blue"],
  aliases: { rot: "red" },
  yes: "green",
  no: "red",
  matchesAlso: (condition, value) => (condition === "warm" ? value === "red" : undefined),
});

describe("enumeration", () => {
  reads(color, [
    ["red", "red"],
    ["rot", "red"],
    ["yes", "green"],
    ["never", "red"],
    ["", undefined],
  ]);
  refuses(color, [
    ["gren", "unknown-color", "S=gren: expected red, green or blue; did you mean green?"],
    ["purple", "unknown-color", "S=purple: expected red, green or blue"],
    ["constructor", "unknown-color", "S=constructor: expected red, green or blue"],
  ]);
  matches(color, [
    ["rot", "red", true],
    ["blue", "red", false],
    ["warm", "red", true],
    ["warm", "blue", false],
  ]);
  test("a condition must be a word that it can be", () => {
    expect(() => color.matches?.("gren", "red", contextWith())).toThrow(
      "f:3: S=gren: expected red, green or blue; did you mean green?",
    );
  });
  test("has its words and its kind", () => {
    expect(color.words).toEqual(["red", "green", "blue"]);
    expect(color.name).toBe("enum_parser_with_boolean");
    expect(enumeration({ noun: "color", values: ["red"] }).name).toBe("enum");
    expect(enumeration({ name: "compression", noun: "color", values: ["red"] }).name).toBe("compression");
  });
});

describe("list of words", () => {
  const colors = wordList({ noun: "color", values: ["red", "green"], matchable: true });
  reads(colors, [
    ["red,green", ["red", "green"]],
    ["", undefined],
  ]);
  refuses(colors, [["red bleu", "unknown-color", "S=bleu: expected red or green"]]);
  matches(colors, [
    ["red", ["red"], true],
    ["", ["red"], false],
  ]);
});

describe("split artifacts", () => {
  reads(splitArtifacts, [
    ["", []],
    ["yes", ["uki", "kernel", "initrd", "partitions"]],
    ["no", ["uki", "kernel", "initrd"]],
    ["pcrs,os-release", ["pcrs", "os-release"]],
    [" ", undefined],
  ]);
  adds(splitArtifacts, [
    [["tar"], "pcrs", ["tar", "pcrs"]],
    [["tar"], "no", ["uki", "kernel", "initrd"]],
    [["tar"], "", []],
  ]);
  refuses(splitArtifacts, [
    [
      "pcr",
      "unknown-artifact",
      "S=pcr: expected uki, kernel, initrd, partitions, tar, pcrs, roothash, os-release, kernel-modules-initrd or repart-definitions; did you mean pcrs?",
    ],
  ]);
});
