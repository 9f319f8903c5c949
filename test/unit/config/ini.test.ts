import { describe, expect, test } from "vitest";
import { parseIni } from "../../../src/config/ini.ts";
import type { Problem } from "../../../src/config/problems.ts";

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
    [
      "what ends a line in Python",
      "[A]\nK=a\x85 b\u2028\tc\fL=d",
      [
        ["A", "K", "a\nb\nc", 2],
        ["A", "L", "d", 2],
      ],
    ],
    ["a comment that ends there", "[A]\nK=a#no\v b", [["A", "K", "a\nb", 2]]],
    ["what is a blank in Python", "[A]\n\xa0K\x1f=\u3000v\x1c", [["A", "K", "v", 2]]],
    ["a byte order mark within, which is none", "[A]\nK=\uFEFFv\uFEFF", [["A", "K", "\uFEFFv\uFEFF", 2]]],
    ["tabs and spaces, which are not shared", "\t[A]\n  K=a\n", [["A", "K", "a", 2]]],
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

  test("says where everything stands", () => {
    const [section] = parseIni("  [A]\r\n  Key = a b # no\r\n\r\n     c\x85 d", "f");
    expect(section).toEqual({
      name: "A",
      file: "f",
      line: 1,
      column: 3,
      length: 3,
      assignments: [
        {
          section: "A",
          key: "Key",
          value: "a b\nc\nd",
          file: "f",
          line: 2,
          column: 3,
          length: 3,
          parts: [
            { line: 2, column: 9, text: "a b" },
            { line: 4, column: 6, text: "c" },
            { line: 4, column: 9, text: "d" },
          ],
        },
      ],
    });
  });

  test("reports each mistake and goes on behind what belongs to it", () => {
    const problems: Problem[] = [];
    const text = "K=1\n  folded\nL=2\n[A\nM=3\n[B]\n  word # no\n  folded\nN=4\n=5\n[ ]\nO=6\n[C]\nP=7";
    const sections = parseIni(text, "f", (problem) => problems.push(problem));
    expect(sections.map(({ name, assignments }) => [name, ...assignments.map(({ key }) => key)])).toEqual([
      ["B", "N"],
      ["C", "P"],
    ]);
    const wrong = (line: number, column: number, read: string, expected: string) => ({
      severity: "error",
      code: "invalid-syntax",
      message: `read '${read}', expected ${expected}`,
      place: { file: "f", line, column, length: read.length },
      where: `f:${line}`,
    });
    expect(problems).toEqual([
      wrong(1, 1, "K=1", "a section such as [Content] before it"),
      wrong(4, 1, "[A", "a section such as [Content]"),
      wrong(7, 3, "word", "a line such as Packages=systemd"),
      wrong(10, 1, "=5", "a line such as Packages=systemd"),
      wrong(11, 1, "[ ]", "a section such as [Content]"),
    ]);
  });

  test.each([
    ["one long line", `[A]\nK=${"a ".repeat(5_000_000)}`],
    ["many lines", `[A]\n${"K=v\n".repeat(200_000)}`],
    ["many folded lines", `[A]\nK=\n${" v\n".repeat(400_000)}`],
    ["many line ends in one line", `[A]\nK=${"\x85 v".repeat(400_000)}`],
    ["many blanks", `[A]\nK=${" ".repeat(10_000_000)}v`],
    ["deep indentation", `${" ".repeat(2000)}[A]\n${`${" ".repeat(2000)}K=v\n`.repeat(5000)}`],
  ])("reads %s in time that grows with the text alone", (_, text) => {
    const start = performance.now();
    expect(parseIni(text, "f")).toHaveLength(1);
    // A quadratic reader takes minutes.
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
