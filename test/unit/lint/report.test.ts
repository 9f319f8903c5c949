import { expect, test } from "vitest";
import type { Severity } from "../../../src/config/problems.ts";
import { problemsText } from "../../../src/lint/report.ts";

const problem = (severity: Severity) => ({ severity, code: "c", message: "is wrong", where: "a" });

test.each<[severities: Severity[], last: string]>([
  [[], "No problems"],
  [["error"], "1 error"],
  [["warning"], "1 warning"],
  [["error", "ignored", "warning", "warning"], "2 errors, 2 warnings"],
])("the last line counts: %j", (severities, last) => {
  expect(problemsText(severities.map(problem)).split("\n").at(-2)).toBe(last);
});

test("each problem has a line, and lines for its hint", () => {
  const place = { file: "mkosi.conf", line: 2, column: 5, length: 1 };
  const text = problemsText([
    { ...problem("error"), place, where: "mkosi.conf:2", hint: "Do this\nor that" },
    { ...problem("warning"), where: "" },
  ]);
  expect(text).toBe(`mkosi.conf:2:5: error: is wrong [c]
  Do this
  or that
warning: is wrong [c]
1 error, 1 warning
`);
});
