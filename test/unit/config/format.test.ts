import { describe, expect, test } from "vitest";
import { formatIni } from "../../../src/config/format.ts";

const eight = " ".repeat(8);
const names = Array.from({ length: 12 }, (_, index) => `package-${index}`);

describe("formatIni", () => {
  test.each<[what: string, text: string, expected: string]>([
    ["nothing", "", ""],
    ["blank lines alone", "\n \n\n", ""],
    ["blanks around names and values", "[ Content ] \n Packages = a ", "[Content]\nPackages=a\n"],
    ["line ends of Windows", "[Content]\r\nBootable=yes\r\n", "[Content]\nBootable=yes\n"],
    ["shared indentation", "  [Content]\n  Bootable=yes\n", "[Content]\nBootable=yes\n"],
    ["sections without a blank line", "[Output]\nFormat=tar\n[Content]\n", "[Output]\nFormat=tar\n\n[Content]\n"],
    ["many blank lines", "\n\n[Output]\n\n\nFormat=tar\n\n\n\n[Content]\n\n", "[Output]\n\nFormat=tar\n\n[Content]\n"],
    [
      "a list folded from its first line on",
      "[Content]\nPackages=a\n b",
      `[Content]\nPackages=\n${eight}a\n${eight}b\n`,
    ],
    [
      "several items in a folded line",
      "[Content]\nPackages=\n\ta b\n c",
      `[Content]\nPackages=\n${eight}a\n${eight}b\n${eight}c\n`,
    ],
    ["a list in one line", "[Content]\nPackages=a b, c\n", "[Content]\nPackages=a b, c\n"],
    [
      "a list that is too long for its line",
      `[Content]\nPackages=${names.join(" ")}`,
      `[Content]\nPackages=\n${names.map((name) => `${eight}${name}\n`).join("")}`,
    ],
    [
      "a list of exactly 119 columns",
      `[Content]\nPackages=a ${"b".repeat(108)}`,
      `[Content]\nPackages=a ${"b".repeat(108)}\n`,
    ],
    ["one item that is too long", `[Content]\nPackages=${"b".repeat(200)}`, `[Content]\nPackages=${"b".repeat(200)}\n`],
    [
      "quotation, whose blanks part nothing",
      "[Build]\nEnvironment=A='x y'\n B=c d",
      `[Build]\nEnvironment=\n${eight}A='x y'\n${eight}B=c d\n`,
    ],
    ["a folded value that is no list", "[Content]\nHostname=a\n b c", `[Content]\nHostname=a\n${eight}b c\n`],
    ["a condition, which is no list", "[Match]\nRepositories=a\n b c", `[Match]\nRepositories=a\n${eight}b c\n`],
    ["a setting that is not known", "[Content]\nFuture=a\n b c", `[Content]\nFuture=a\n${eight}b c\n`],
    ["a section of others", "[X-Other]\nPackages=a\n b c", `[X-Other]\nPackages=a\n${eight}b c\n`],
    [
      "a comment above a section",
      "[Output]\nFormat=tar\n# about it\n[Content]\n",
      "[Output]\nFormat=tar\n\n# about it\n[Content]\n",
    ],
    ["a comment at the start", "\n# SPDX\n\n[Output]\n", "# SPDX\n\n[Output]\n"],
    [
      "comments at line ends",
      "[A]#a\nK=v#b \nL=  # c\nM=v   # d\nN=v\t# e",
      "[A] #a\nK=v #b\nL=  # c\nM=v   # d\nN=v # e\n",
    ],
    [
      "comments within a folded value",
      "[Content]\nPackages=\n# one\n  a\n\n\n    # two\n  b c # three\n  # four\n# five\nBootable=no",
      `[Content]\nPackages=\n${eight}# one\n${eight}a\n\n${eight}# two\n${eight}b c # three\n${eight}# four\n# five\nBootable=no\n`,
    ],
    ["comments with a semicolon", "[A]\n;K=v#w  x \nK=a\n;no\n  b", `[A]\n;K=v#w  x\nK=a\n;no\n${eight}b\n`],
    ["a key that would become a comment", "[A]\n ;K = v", `[A]\n${eight};K=v\n`],
    [
      "what is no valid syntax",
      "[A\nword # w\n  more\n =v\n[ ]",
      `\n[A\nword # w\n${eight}more\n${eight}=v\n\n[ ]\n`.slice(1),
    ],
  ])("lays out %s", (_, text, expected) => {
    expect(formatIni(text)).toBe(expected);
    expect(formatIni(expected)).toBe(expected);
  });
});
