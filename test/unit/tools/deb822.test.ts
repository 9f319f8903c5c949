import { expect, test } from "vitest";
import { readStanzas, streamStanzas } from "../../../src/tools/deb822.ts";

const cases: [string, string, Record<string, string>[]][] = [
  ["nothing", "\n\n", []],
  ["two stanzas", "A: 1\n\nA: 2\n", [{ a: "1" }, { a: "2" }]],
  ["folded fields", "A: x\n b\n c: d\nE: f\n", [{ a: "x\nb\nc: d", e: "f" }]],
  ["comments", "A: 1\n# B: 2\nC: 3\n", [{ a: "1", c: "3" }]],
  ["blank lines with spaces, and CR LF", "A: 1\r\n \r\nB: x: y\r\n", [{ a: "1" }, { b: "x: y" }]],
  ["text beyond ASCII", "A: ä€😀\n\n\nB: ß\n", [{ a: "ä€😀" }, { b: "ß" }]],
];

test.each(cases)("%s", (_title, text, stanzas) => {
  expect([...readStanzas(text)].map((stanza) => Object.fromEntries(stanza))).toEqual(stanzas);
});

test.each(cases)("%s, from a stream, wherever it is cut", async (_title, text, stanzas) => {
  const bytes = Buffer.from(text);
  for (let size = 1; size <= bytes.length; size++) {
    const read: unknown[] = [];
    for await (const stanza of streamStanzas(cut(bytes, size), ["a", "b", "c", "e"]))
      read.push(Object.fromEntries(stanza));
    expect(read).toEqual(stanzas);
  }
});

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}
