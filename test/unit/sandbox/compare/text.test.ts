import { expect, test } from "vitest";
import { hunks } from "../../../../sandbox/compare/leaf.ts";
import { between, told } from "./comparing.ts";

test("a unified diff, without its file names and without end", () => {
  expect(hunks("--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n")).toEqual(["@@ -1 +1 @@", "-x", "+y"]);
  const many = hunks(`--- a\n+++ b\n${"-x\n".repeat(30)}`);
  expect([many.length, many.at(-1)]).toEqual([25, "… 6 more lines"]);
  expect(hunks(`--- a\n+++ b\n-${"x".repeat(500)}\n`)).toEqual([`-${"x".repeat(158)}…`]);
});

test("a zero byte may end a text", async () => {
  const found = async (a: string, b: string) => (await between(Buffer.from(a), Buffer.from(b))).map(told);
  expect(await found("quiet\0", "queue\0")).toEqual(['content: "iet" -> "eue"']);
  expect(await found("quiet", "quiet\0")).toEqual(["content: end of file -> 00", "size: 5 -> 6"]);
  expect(await found("a\0b", "a\0c")).toEqual(['content: "b" -> "c"']);
});
