import { describe, expect, test } from "vitest";
import { parseIni } from "../../../src/config/ini.ts";

const read = (text: string) =>
  parseIni(text, "f").flatMap(({ assignments }) =>
    assignments.map(({ section, key, value, line }) => [section, key, value, line]),
  );

describe("parseIni", () => {
  test.each<[what: string, text: string, expected: unknown[]]>([
    ["a key", "[A]\nK=v", [["A", "K", "v", 2]]],
    ["blanks around everything", "[ A ]\nK = v w ", [["A", "K", "v w", 2]]],
    ["an empty value", "[A]\nK=", [["A", "K", "", 2]]],
    ["an equals sign in the value", "[A]\nK=a=b", [["A", "K", "a=b", 2]]],
    [
      "a repeated key",
      "[A]\nK=1\nK=2",
      [
        ["A", "K", "1", 2],
        ["A", "K", "2", 3],
      ],
    ],
    [
      "a repeated section",
      "[A]\nK=1\n[B]\nK=2\n[A]\nK=3",
      [
        ["A", "K", "1", 2],
        ["B", "K", "2", 4],
        ["A", "K", "3", 6],
      ],
    ],
    [
      "folded lines",
      "[A]\nK=\n  a\n\tb\nL=c",
      [
        ["A", "K", "\na\nb", 2],
        ["A", "L", "c", 5],
      ],
    ],
    ["a blank line and a comment in between", "[A]\nK=a\n\n# no\n  b", [["A", "K", "a\nb", 2]]],
    ["a comment after a value", "[A]\nK=a # no\n  b# no", [["A", "K", "a\nb", 2]]],
    ["lines of comment", "# x\n; [B]\n[A]\n;K=1\nK=2", [["A", "K", "2", 5]]],
    ["a semicolon in a folded line", "[A]\nK=a\n  ;b", [["A", "K", "a\n;b", 2]]],
    [
      "shared indentation",
      "  [A]\n  K=a\n    b\n  L=c",
      [
        ["A", "K", "a\nb", 2],
        ["A", "L", "c", 4],
      ],
    ],
    ["an indented key after a section", "[A]\n  K=a\n  b", [["A", "K", "a\nb", 2]]],
    ["line ends of Windows and a byte order mark", "\uFEFF[A]\r\nK=a\r\n b\r\n", [["A", "K", "a\nb", 2]]],
    ["nothing", "", []],
  ])("reads %s", (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test.each([
    ["[A\nK=v", "f:1: read '[A', expected a section such as [Content]"],
    ["[ ]", "f:1: read '[ ]', expected a section such as [Content]"],
    ["[A]\n\nword", "f:3: read 'word', expected a line such as Packages=systemd"],
    ["[A]\n=v", "f:2: read '=v', expected a line such as Packages=systemd"],
    ["# c\nK=v", "f:2: read 'K=v', expected a section such as [Content] before it"],
    [`[A]\n${"x".repeat(99)}`, `f:2: read '${"x".repeat(60)}…', expected a line such as Packages=systemd`],
  ])("refuses %j", (text, message) => {
    expect(() => parseIni(text, "f")).toThrow(
      expect.objectContaining({ code: "invalid-syntax", exitCode: 2, message }),
    );
  });
});
