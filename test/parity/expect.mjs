#!/usr/bin/env node
// Writes, or with --check compares, the expectations of test/fixtures/config with the reference implementation's answers:
//   node test/parity/expect.mjs [--mkosi PROGRAM-OR-SOURCES] [--check] [FIXTURE ...]
// Without names all of them, and the baseline, which holds what most images have in common, is written anew.
// The expectations are those of its git main of July 2026, on x86-64.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual, parseArgs } from "node:util";
import {
  baselineOf,
  fixtureNames,
  fixturesFolder,
  normalise,
  prepareTree,
  readCase,
  readExpectation,
  textOf,
  withoutBaseline,
} from "./fixtures.mjs";
import { isReferenceBuiltIn, referenceSummary } from "./reference.mjs";
import { differences } from "./report.mjs";

const { values: options, positionals } = parseArgs({
  options: { mkosi: { type: "string", default: "mkosi" }, check: { type: "boolean", default: false } },
  allowPositionals: true,
});

const names = positionals.length > 0 ? positionals : fixtureNames();
const answers = new Map();
for (const name of names) answers.set(name, await answerOf(name));
if (options.check) check();
else write();

async function answerOf(name) {
  const { arguments: words, environment } = readCase(name);
  const { tree, above, remove } = prepareTree(name);
  try {
    const { summary, messages } = referenceSummary(options.mkosi, tree, words, environment);
    if (messages.startsWith("The reference crashed")) console.error(`${name}: ${messages}`);
    if (summary === undefined) return { error: true, messages };
    return normalise(summary, {
      tree,
      above,
      isBuiltIn: isReferenceBuiltIn,
      given: textOf(join(fixturesFolder, name)),
    });
  } finally {
    await remove();
  }
}

function write() {
  const summaries = [...answers.values()].filter(({ error }) => !error);
  const baseline = positionals.length > 0 ? undefined : baselineOf(summaries);
  const files = baseline === undefined ? [] : [save("baseline.json", baseline)];
  const usual = baseline ?? JSON.parse(readFileSync(join(fixturesFolder, "baseline.json"), "utf8"));
  for (const [name, answer] of answers) {
    if (answer.error) console.log(`${name}: ${answer.messages.trim().split("\n").slice(-2).join(" ")}`);
    files.push(save(join(name, "expected.json"), answer.error ? { error: true } : withoutBaseline(answer, usual)));
  }
  execFileSync("node_modules/.bin/biome", ["format", "--write", ...files], { stdio: "ignore" });
  console.log(`${answers.size} expectations written`);
}

function save(name, data) {
  const file = join(fixturesFolder, name);
  writeFileSync(file, `${JSON.stringify(data, null, 2)}\n`);
  return file;
}

function check() {
  let wrong = 0;
  for (const [name, answer] of answers) {
    const expected = readExpectation(name);
    const same = expected.error ? answer.error === true : isDeepStrictEqual(answer, expected);
    if (same) continue;
    wrong += 1;
    console.log(`${name}: ${answer.error ? answer.messages.trim() : ""}`);
    for (const line of differences(expected, answer)) console.log(`  ${line}`);
  }
  console.log(`${answers.size} fixtures, ${wrong} differ`);
  process.exitCode = wrong === 0 ? 0 : 1;
}
