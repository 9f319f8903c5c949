import { expect, test } from "vitest";
import { parseAttributes } from "../../../../sandbox/compare/extracted.ts";
import { hunks } from "../../../../sandbox/compare/leaf.ts";

test("what getfattr prints", () => {
  const text = [
    "# file: usr/bin/ping",
    "security.capability=0x0100000200200000",
    "user.overlay.origin=0x00",
    "",
    "# file: a\\012b",
    "user.note=0x796573",
    "",
    "",
  ].join("\n");
  expect([...parseAttributes(text)]).toEqual([
    ["usr/bin/ping", { "xattr security.capability": "0x0100000200200000" }],
    ["a\nb", { "xattr user.note": '"yes"' }],
  ]);
});

test("a unified diff, without its file names and without end", () => {
  expect(hunks("--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n")).toEqual(["@@ -1 +1 @@", "-x", "+y"]);
  const many = hunks(`--- a\n+++ b\n${"-x\n".repeat(30)}`);
  expect([many.length, many.at(-1)]).toEqual([25, "… 6 more lines"]);
  expect(hunks(`--- a\n+++ b\n-${"x".repeat(500)}\n`)).toEqual([`-${"x".repeat(158)}…`]);
});
