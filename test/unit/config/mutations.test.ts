import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { parseCommandLine } from "../../../src/cli/parse.ts";
import { formatIni } from "../../../src/config/format.ts";
import { loadConfig, type Problem, settings } from "../../../src/config/index.ts";
import { summaryJson } from "../../../src/config/json.ts";
import { problemText } from "../../../src/config/problems.ts";
import { UserError } from "../../../src/errors.ts";
import { fixtureNames, prepareTree, readCase } from "../../parity/fixtures.mjs";
import { cli } from "../../support/caisson.ts";
import { configurationFiles, type Mutation, mutations, unreadable } from "../../support/mutations.ts";
import { Random } from "../../support/random.ts";

/** The first case's seed; the others follow. */
const seed = 27_000;
/** Seconds of processor time that one case may take. */
const longest = 2;

interface Case {
  /** For messages: what makes it again. */
  label: string;
  fixture: string;
  tree: string;
  remove: () => Promise<void>;
}

function prepare(mutation: Mutation, caseSeed: number): Case {
  const random = new Random(caseSeed);
  const fixture = random.pick(fixtureNames());
  const { tree, remove } = prepareTree(fixture);
  mutation.apply(tree, random);
  return { label: `${mutation.name}, fixture ${fixture}, seed ${caseSeed}`, fixture, tree, remove };
}

/** Seeds of each mutation's cases. */
const numbered = mutations.map((mutation, index) => {
  const before = mutations.slice(0, index).reduce((sum, { cases }) => sum + cases, 0);
  return { ...mutation, seeds: Array.from({ length: mutation.cases }, (_, number) => seed + before + number) };
});

/** Codes of errors that concern a whole file, folder or project, in which no line is the one to mend. */
const withoutLine = new Set([
  ...["file-unreadable", "not-text", "secret-readable", "value-script-failed", "not-executable", "invalid-image-name"],
  ...["dependency-cycle", "configuration-cycle"],
]);

/** The error, or undefined where the configuration is read. Fails where it is none that tells its place. */
async function outcome({ label, fixture, tree }: Case, report?: (problem: Problem) => void) {
  const { arguments: words, environment } = readCase(fixture);
  const { settings: given, directory } = parseCommandLine([...words, "summary"], settings);
  try {
    const project = await loadConfig({
      directory: join(tree, directory),
      arguments: given,
      environment: { PATH: process.env.PATH, ...environment },
      host: { distribution: "debian", release: "trixie", architecture: "x86-64" },
      ...(report === undefined ? {} : { report }),
    });
    if (report === undefined) JSON.stringify(summaryJson(project));
    return undefined;
  } catch (error) {
    expect.soft(error, label).toBeInstanceOf(UserError);
    if (!(error instanceof UserError)) return undefined;
    expect.soft(error.exitCode, `${label}: ${error.message}`).toBe(2);
    if (!withoutLine.has(error.code)) expect.soft(error.message, label).toMatch(hasPlace);
    expect.soft(error.message.length, label).toBeLessThan(10_000);
    return error;
  }
}

/** A line of a file, an option, or a file whose content is the value. */
const hasPlace = /^(?:[\s\S]+:\d+: |-|[\s\S]*\/mkosi\.[a-z-]+: )/;

async function check(made: Case): Promise<void> {
  const error = await outcome(made);
  const problems: Problem[] = [];
  const lenient = await outcome(made, (problem) => problems.push(problem));
  const errors = problems.filter(({ severity }) => severity === "error");
  const found = [...errors.map(problemText), ...(lenient === undefined ? [] : [lenient.message])];
  if (error === undefined) expect.soft(found, made.label).toEqual([]);
  else expect.soft(found, made.label).toContain(error.message);
}

function checkLayout({ tree, label }: Case): void {
  for (const file of configurationFiles(tree)) {
    const once = formatIni(readFileSync(file, "utf8"));
    if (formatIni(once) !== once) throw new Error(`${label}: the layout of ${file} is not its own layout`);
  }
}

async function checkAll(mutation: Mutation, seeds: readonly number[]): Promise<void> {
  for (const caseSeed of seeds) {
    const made = prepare(mutation, caseSeed);
    onTestFinished(made.remove);
    const before = process.cpuUsage();
    await check(made);
    if (mutation !== unreadable) checkLayout(made);
    const { user, system } = process.cpuUsage(before);
    expect.soft((user + system) / 1e6, made.label).toBeLessThan(longest);
    await made.remove();
  }
}

function heapInUse(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}

describe("a configuration with a mistake is read or refused with the place of the mistake", () => {
  let heapBefore = 0;
  beforeAll(() => {
    heapBefore = heapInUse();
  });

  test.each(numbered)("$name", async ({ seeds, ...mutation }) => {
    await checkAll(mutation, seeds);
  });

  test("unreadable", async (context) => {
    if (process.getuid?.() === 0) return context.skip("root can read everything");
    await checkAll(
      unreadable,
      Array.from({ length: unreadable.cases }, (_, index) => seed - 1 - index),
    );
  });

  afterAll(() => {
    expect(heapInUse() - heapBefore).toBeLessThan(64 * 2 ** 20);
  });
});

test("one thousand cases", () => {
  expect(numbered.flatMap(({ seeds }) => seeds)).toHaveLength(1000);
});

/** The command line's exit code, and what it writes for people. */
function run({ fixture, tree }: Case): Promise<{ code: number | string | null; stderr: string }> {
  const { arguments: words, environment } = readCase(fixture);
  const options = { cwd: tree, env: { PATH: process.env.PATH, ...environment }, maxBuffer: 2 ** 28, timeout: 20_000 };
  return new Promise((settle) => {
    execFile(process.execPath, [cli, ...words, "summary"], options, (error, _, stderr) =>
      settle({ code: error === null ? 0 : (error.code ?? null), stderr }),
    );
  });
}

/** As many at a time as make the best of two processors. */
const atOnce = 3;

test("caisson summary exits with 0 or 2, and no stack trace", { timeout: 60_000 }, async (context) => {
  if (!existsSync(cli)) return context.skip("dist/ is not built");
  const waiting = numbered.map(({ seeds: [first = seed], ...mutation }) => ({ mutation, first })).slice(-30);
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const made = prepare(next.mutation, next.first);
      const { code, stderr } = await run(made).finally(made.remove);
      expect.soft(stderr, made.label).not.toMatch(/^\s+at .*\d+:\d+\)?$|bug in Caisson/m);
      expect.soft([0, 2], `${made.label}: ${stderr}`).toContain(code);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
});
