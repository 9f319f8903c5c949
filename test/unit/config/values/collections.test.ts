import { describe, expect, test } from "vitest";
import {
  environment,
  keyValues,
  moduleFilter,
  packageList,
  profileName,
  textList,
} from "../../../../src/config/values/collections.ts";
import { adds, contextWith, matches, reads, refuses } from "./context.ts";

describe("list parted by blanks and commas", () => {
  const words = textList();
  reads(words, [
    ["a b,c\nd\te", ["a", "b", "c", "d", "e"]],
    ["a,,b", ["a", "b"]],
    ["", undefined],
    [" , ", undefined],
  ]);
  adds(words, [
    [["b"], "c", ["b", "c"]],
    [["b"], "", undefined],
  ]);
  test("the items of the stronger source come last", () => {
    expect(words.merge?.(["a"], ["b"])).toEqual(["a", "b"]);
  });
});

describe("list parted by blanks", () => {
  const options = textList({ separator: "blank" });
  reads(options, [
    ["a=1,2  b\nc\td", ["a=1,2", "b", "c\td"]],
    ["", undefined],
  ]);
  adds(options, [[["o"], " ", ["o"]]]);
});

describe("list with quotation", () => {
  const words = textList({ separator: "quoted" });
  reads(words, [
    ['-a \'b c\' d\\ e "f\\"g\\h"', ["-a", "b c", "d e", 'f"g\\h']],
    ["a'b c'd #x", ["ab cd", "#x"]],
    ["a\tb", ["a\tb"]],
    ["''", []],
    ["", undefined],
    ["  ", undefined],
  ]);
  refuses(words, [
    ["'x", "invalid-value", "S='x: a quotation or a backslash is not ended"],
    ["x\\", "invalid-value", "S=x\\: a quotation or a backslash is not ended"],
  ]);
});

describe("list that may be matched", () => {
  matches(textList({ matchable: true }), [
    ["a", ["b", "a"], true],
    ["c", ["b", "a"], false],
    ["", [], true],
    ["", ["a"], false],
  ]);
  test("others may not", () => {
    expect(textList().matches).toBeUndefined();
  });
});

describe("packages", () => {
  test("names first, then paths, then those in parentheses, each by code point", () => {
    expect(packageList.arrange?.(["/p", "b", "(c", "B"])).toEqual(["B", "b", "/p", "(c"]);
  });
});

test("a list is added to in place, which keeps long ones quick, unless an item cannot be read", () => {
  const names = textList({ read: profileName });
  const old = ["a"];
  expect(names.parse("b", old, contextWith())).toBe(old);
  expect(() => names.parse("c x/y", old, contextWith())).toThrow();
  expect(old).toEqual(["a", "b"]);
});

describe("filters of kernel modules", () => {
  reads(textList({ read: moduleFilter }), [["default host /x/", ["default", "host", "re:/x/"]]]);
});

describe("profiles", () => {
  const profiles = textList({ read: profileName, matchable: true });
  reads(profiles, [["a b.c", ["a", "b.c"]]]);
  refuses(profiles, [["a/b", "invalid-value", "S=a/b: expected the name of a profile, without a folder"]]);
});

describe("environment", () => {
  reads(environment, [
    ["A=1 'B=x y' C=\"p q\" D=r\\ s NAME GONE", { A: "1", B: "x y", C: "p q", D: "r s", NAME: "n", GONE: "" }],
    ["'A = b=c '", { A: "b=c" }],
    ["constructor", { constructor: "" } as unknown as Record<string, string>],
    ["", undefined],
  ]);
  adds(environment, [
    [{ A: "1", C: "4" }, "A=2 B=3", { A: "2", B: "3", C: "4" }],
    [{ A: "1" }, "''", { A: "1" }],
    [{ A: "1" }, "", undefined],
  ]);
  refuses(environment, [
    ["=x", "invalid-value", "S==x: expected NAME=VALUE"],
    ["__proto__=x", "invalid-value", "S=__proto__=x: __proto__ cannot be a name"],
    ["A='x", "invalid-value", "S=A='x: a quotation or a backslash is not ended"],
  ]);
  matches(environment, [
    ["A", { A: "1" }, true],
    ["A=1", { A: "1" }, true],
    ["A=2", { A: "1" }, false],
    ["B", { A: "1" }, false],
    ["constructor", {}, false],
  ]);
  test("the stronger source wins", () => {
    expect(environment.merge?.({ A: "1", B: "1" }, { A: "2" })).toEqual({ A: "2", B: "1" });
  });
});

describe("labels", () => {
  reads(keyValues, [["A NAME=2 NAME", { A: "", NAME: "" }]]);
});
