import { describe, expect, test } from "vitest";
import { cursorAt } from "../../../src/lsp/cursor.ts";
import { marked } from "./marked.ts";

function cursor(text: string) {
  const { text: plain, position } = marked(text);
  const found = cursorAt(plain, position);
  if (found === undefined) return undefined;
  const { range, ...rest } = found;
  return { ...rest, from: range.start, length: range.end.character - range.start.character };
}

describe("sections", () => {
  test.each([
    ["[^", { name: "", isClosed: false, length: 0 }],
    ["[Con^", { name: "Con", isClosed: false, length: 3 }],
    ["[Con^]", { name: "Con", isClosed: true, length: 3 }],
    ["[^Content]", { name: "Content", isClosed: true, length: 7 }],
    ["[Content^] # why", { name: "Content", isClosed: true, length: 7 }],
  ])("%s", (text, expected) => {
    expect(cursor(text)).toEqual({ at: "section", from: { line: 0, character: 1 }, ...expected });
  });

  test.each(["^[Content]", "[Content]^"])("%s is beside the name", (text) => {
    expect(cursor(text)).toBeUndefined();
  });
});

describe("keys", () => {
  test.each([
    ["^", { name: "", section: undefined, hasValue: false, from: { line: 0, character: 0 }, length: 0 }],
    ["[Output]\nFor^", { name: "For", section: "Output", hasValue: false, from: { line: 1, character: 0 }, length: 3 }],
    [
      "[Output]\nFor^mat = disk",
      { name: "Format", section: "Output", hasValue: true, from: { line: 1, character: 0 }, length: 6 },
    ],
    [
      "[Output]\nFormat=disk\n^",
      { name: "", section: "Output", hasValue: false, from: { line: 2, character: 0 }, length: 0 },
    ],
    [
      "[Output]\nFormat=disk\n^Out\n[Content]",
      { name: "Out", section: "Output", hasValue: false, from: { line: 2, character: 0 }, length: 3 },
    ],
    ["[Out\n^", { name: "", section: "Out", hasValue: false, from: { line: 1, character: 0 }, length: 0 }],
  ])("%j", (text, expected) => {
    expect(cursor(text)).toEqual({ at: "key", ...expected });
  });
});

describe("values", () => {
  const value = (section: string, key: string, item: string, typed: string, line: number, character: number) => ({
    at: "value",
    section,
    key,
    item,
    typed,
    from: { line, character },
    length: item.length,
  });
  test.each([
    ["[Output]\nFormat=^", value("Output", "Format", "", "", 1, 7)],
    ["[Output]\nFormat= di^sk # x", value("Output", "Format", "disk", "di", 1, 8)],
    ["[Content]\nPackages=a b^c,d", value("Content", "Packages", "bc", "b", 1, 11)],
    ["[Content]\nPackages=a ^ b", value("Content", "Packages", "", "", 1, 11)],
    ["[Content]\nPackages=\n        a\n        b^", value("Content", "Packages", "b", "b", 3, 8)],
    ["[Content]\nPackages=a\n# why\n\n    ^", value("Content", "Packages", "", "", 4, 4)],
    ['[Content]\nKernelCommandLine="a b^"', value("Content", "KernelCommandLine", "a b", "a b", 1, 19)],
    ["[Match]\nDistribution=|!deb^", value("Match", "Distribution", "deb", "deb", 1, 15)],
    ["[Content]\nOld=^x", value("Content", "Old", "x", "", 1, 4)],
  ])("%j", (text, expected) => {
    expect(cursor(text)).toEqual(expected);
  });
});

test.each(["# [^", "; Format=^", "[Output] # [^", "[Output]\nFormat=disk # ^"])("%j is a comment", (text) => {
  expect(cursor(text)).toBeUndefined();
});
