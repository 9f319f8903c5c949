import { expect, test } from "vitest";
import * as z from "zod";
import type { Problem } from "../../../src/config/problems.ts";
import { rules } from "../../../src/lint/rules.ts";
import { sarifLog } from "../../../src/lint/sarif.ts";

/** What the schema of SARIF 2.1.0 demands of the parts that are used here; unknown keys are refused. */
const message = z.strictObject({ text: z.string().min(1) });
const level = z.enum(["none", "note", "warning", "error"]);
const natural = z.int().min(1);
const artifactLocation = z.strictObject({
  uri: z.string().regex(/^[A-Za-z0-9._~:/?#[\]@!$&'()*+,;=%-]+$/),
  uriBaseId: z.string().optional(),
});
const region = z
  .strictObject({ startLine: natural, startColumn: natural, endColumn: natural })
  .refine(({ startColumn, endColumn }) => endColumn >= startColumn);
const sarif = z.strictObject({
  $schema: z.url(),
  version: z.literal("2.1.0"),
  runs: z.tuple([
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.string(),
          semanticVersion: z.string().regex(/^\d+\.\d+\.\d+/),
          rules: z.array(
            z.strictObject({
              id: z.string(),
              shortDescription: message,
              help: message,
              defaultConfiguration: z.strictObject({ level }),
            }),
          ),
        }),
      }),
      columnKind: z.enum(["utf16CodeUnits", "unicodeCodePoints"]),
      results: z.array(
        z.strictObject({
          ruleId: z.string(),
          ruleIndex: z.int().min(0),
          level,
          message,
          locations: z
            .array(
              z.strictObject({ physicalLocation: z.strictObject({ artifactLocation, region: region.optional() }) }),
            )
            .optional(),
        }),
      ),
    }),
  ]),
});

const place = { file: "a b/mkosi.conf", line: 3, column: 8, length: 4 };
const problems: Problem[] = [
  { severity: "error", code: "unknown-format", message: "No", hint: "Do", place, where: "a b/mkosi.conf:3" },
  { severity: "warning", code: "not-read", message: "Is none", where: "/elsewhere/x.cnf" },
  { severity: "ignored", code: "no-match", message: "Finds none", where: "--build-script=x" },
];

test("the log has the structure of SARIF 2.1.0, and each result points to its rule", () => {
  const log = sarif.parse(sarifLog(problems, { root: process.cwd(), version: "0.1.0" }));
  const [{ tool, results }] = log.runs;
  expect(tool.driver.rules.map(({ id }) => id)).toEqual(["no-match", "not-read", "unknown-format"]);
  expect(tool.driver.rules[2]?.shortDescription.text).toBe("There is no such format");
  expect(results.map(({ ruleIndex }) => tool.driver.rules[ruleIndex]?.id)).toEqual(problems.map(({ code }) => code));
  expect(results.map((result) => result.level)).toEqual(["error", "warning", "error"]);
  expect(results[0]).toMatchObject({
    message: { text: "No\nDo" },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: "a%20b/mkosi.conf", uriBaseId: "%SRCROOT%" },
          region: { startLine: 3, startColumn: 8, endColumn: 12 },
        },
      },
    ],
  });
  expect(results[1]?.locations).toEqual([
    { physicalLocation: { artifactLocation: { uri: "file:///elsewhere/x.cnf" } } },
  ]);
  expect(results[2]?.locations).toBeUndefined();
});

test("every rule has a row of its own, with what it means and what to do", () => {
  expect(new Set(rules.map(({ code }) => code)).size).toBe(rules.length);
  for (const { description, help } of rules) {
    expect(description).toMatch(/^[A-Z].*[^.]$/);
    expect(help).toMatch(/[.]$/);
  }
});
