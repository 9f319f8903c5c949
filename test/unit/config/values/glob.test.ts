import { expect, test } from "vitest";
import { findFiles, globToRegExp } from "../../../../src/config/values/glob.ts";
import { contextWith } from "./context.ts";

// As fnmatch.fnmatchcase of Python has it.
test.each([
  ["a*", "a/b", true],
  ["a?c", "abc", true],
  ["a.c", "abc", false],
  ["[!a]b", "ab", false],
  ["[z-a]", "b", false],
  ["[!z-a]", "b", true],
  ["a[]]", "a]", true],
  ["[a", "[a", true],
  ["[^a]", "a", true],
  ["[a-]", "-", true],
  ["a\\", "a\\", true],
])("the pattern %s and %s: %j", (pattern, text, expected) => {
  expect(globToRegExp(pattern).test(text)).toBe(expected);
});

test.each([
  ["d/*", ["d/a.sh", "d/b", "d/sub"]],
  ["d/*.sh", ["d/a.sh"]],
  ["d/.*", ["d/.hidden"]],
  ["d/*/", ["d/sub"]],
  ["*/[ab]*", ["d/a.sh", "d/b", "e/a"]],
  ["/conf/e/?", ["/conf/e/a"]],
  ["d/b", ["d/b"]],
  ["d/none", []],
])("%s finds %j", (pattern, expected) => {
  const tree = Object.fromEntries(
    ["d/b", "d/a.sh", "d/.hidden", "d/sub/x", "e/a"].map((name) => [`/conf/${name}`, ""]),
  );
  expect(findFiles(pattern, "/conf", contextWith(tree).files)).toEqual(expected);
});
