import { expect, test } from "vitest";
import type { Severity } from "../../../src/config/problems.ts";
import { diagnosticOf, syntaxProblems } from "../../../src/lsp/diagnostics.ts";

test("a place of the reader is a range of editors", () => {
  const [problem] = syntaxProblems("[Output]\n  nonsense\n");
  expect(problem && diagnosticOf(problem)).toEqual({
    range: { start: { line: 1, character: 2 }, end: { line: 1, character: 10 } },
    severity: 1,
    code: "invalid-syntax",
    source: "caisson",
    message: "read 'nonsense', expected a line such as Packages=systemd",
  });
});

test.each<[Severity, number]>([
  ["error", 1],
  ["ignored", 1],
  ["warning", 2],
])("what is %s has severity %i", (severity, expected) => {
  const problem = { severity, code: "x", message: "wrong", hint: "Mend it", where: "" };
  expect(diagnosticOf(problem)).toEqual({
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
    severity: expected,
    code: "x",
    source: "caisson",
    message: "wrong\nMend it",
  });
});

test("an old name is marked as deprecated", () => {
  const problem = { severity: "warning" as const, code: "deprecated-name", message: "old", where: "" };
  expect(diagnosticOf(problem).tags).toEqual([2]);
});
