import { expect, test } from "vitest";
import { symbolsOf } from "../../../src/lsp/symbols.ts";

test("sections hold their settings, with folded values", () => {
  const text = "[Output]\nFormat=disk\n\n[Content]\nPackages=\n    a\n    b\n# end\n";
  const at = (line: number, character: number) => ({ line, character });
  expect(symbolsOf(text)).toEqual([
    {
      name: "Output",
      kind: 3,
      range: { start: at(0, 0), end: at(1, 11) },
      selectionRange: { start: at(0, 0), end: at(0, 8) },
      children: [
        {
          name: "Format",
          detail: "disk",
          kind: 7,
          range: { start: at(1, 0), end: at(1, 11) },
          selectionRange: { start: at(1, 0), end: at(1, 6) },
        },
      ],
    },
    {
      name: "Content",
      kind: 3,
      range: { start: at(3, 0), end: at(6, 5) },
      selectionRange: { start: at(3, 0), end: at(3, 9) },
      children: [
        {
          name: "Packages",
          detail: "a b",
          kind: 7,
          range: { start: at(4, 0), end: at(6, 5) },
          selectionRange: { start: at(4, 0), end: at(4, 8) },
        },
      ],
    },
  ]);
});

test("what cannot be read is left out", () => {
  expect(symbolsOf("Format=disk\n[Output]\nFormat\n[]\n").map(({ name, children }) => [name, children])).toEqual([
    ["Output", []],
  ]);
});
