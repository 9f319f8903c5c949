import { expect, test } from "vitest";
import { hunks } from "../../../../sandbox/compare/leaf.ts";

test("a unified diff, without its file names and without end", () => {
  expect(hunks("--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n")).toEqual(["@@ -1 +1 @@", "-x", "+y"]);
  const many = hunks(`--- a\n+++ b\n${"-x\n".repeat(30)}`);
  expect([many.length, many.at(-1)]).toEqual([25, "… 6 more lines"]);
  expect(hunks(`--- a\n+++ b\n-${"x".repeat(500)}\n`)).toEqual([`-${"x".repeat(158)}…`]);
});
