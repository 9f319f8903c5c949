import { expect, test } from "vitest";
import { readStanzas } from "../../../src/tools/deb822.ts";

test.each([
  ["nothing", "\n\n", []],
  ["two stanzas", "A: 1\n\nA: 2\n", [{ a: "1" }, { a: "2" }]],
  ["folded fields", "A:\n b\n c: d\nE: f\n", [{ a: "\nb\nc: d", e: "f" }]],
  ["comments", "A: 1\n# B: 2\nC: 3\n", [{ a: "1", c: "3" }]],
  ["blank lines with spaces, and CR LF", "A: 1\r\n \r\nB: x: y\r\n", [{ a: "1" }, { b: "x: y" }]],
])("%s", (_title, text, stanzas) => {
  expect([...readStanzas(text)].map((stanza) => Object.fromEntries(stanza))).toEqual(stanzas);
});
