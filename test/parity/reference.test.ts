import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { missingForReference, type ReferenceContainer, startReference } from "./container.ts";
import {
  fixtureNames,
  fixturesFolder,
  normalise,
  prepareTree,
  readCase,
  readExpectation,
  textOf,
} from "./fixtures.mjs";
import { isReferenceBuiltIn, referenceSummary } from "./reference.mjs";
import { differences } from "./report.mjs";
import { unexplained } from "./versions.mjs";

const missing = await missingForReference();
let reference: ReferenceContainer;

beforeAll(async () => {
  if (missing === undefined) reference = await startReference();
});
afterAll(async () => {
  if (missing === undefined) await reference.remove();
});

test.for(fixtureNames())("Debian's mkosi makes the same of %s", (name, context) => {
  if (missing !== undefined) context.skip(missing);
  const { arguments: words, environment } = readCase(name);
  const { tree, above, remove } = prepareTree(name);
  onTestFinished(remove);
  const expected = readExpectation(name);
  const { summary, messages } = referenceSummary(reference.run, tree, words, environment);
  expect(summary === undefined, messages).toBe(expected.error === true);
  if (summary === undefined) return;
  const given = textOf(join(fixturesFolder, name));
  const answer = normalise(summary, { tree, above, isBuiltIn: isReferenceBuiltIn, given });
  expect(unexplained(differences(expected, answer))).toEqual([]);
});
