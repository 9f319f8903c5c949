import { join } from "node:path";
import { expect, test } from "vitest";
import { parseCommandLine } from "../../../src/cli/parse.ts";
import { settings } from "../../../src/config/index.ts";
import { lintProject } from "../../../src/lint/index.ts";
import { problemsText } from "../../../src/lint/report.ts";
import { fixtureNames, prepareTree, readCase, readExpectation } from "../../parity/fixtures.mjs";
import { mutations } from "../../support/mutations.ts";
import { Random } from "../../support/random.ts";

const host = { distribution: "debian", release: "trixie", architecture: "x86-64" };

async function problemsOf(fixture: string, tree: string) {
  const { arguments: words, environment } = readCase(fixture);
  const { settings: given, directory } = parseCommandLine([...words, "summary"], settings);
  return lintProject({ directory: join(tree, directory), arguments: given, environment: { ...environment }, host });
}

test.each(mutations.map((mutation, index) => ({ mutation, index })))(
  "a configuration that goes wrong by way of $mutation.name gives problems, no failure",
  async ({ mutation, index }) => {
    for (const seed of [1, 2].map((number) => index * 10 + number)) {
      const random = new Random(seed);
      const fixture = random.pick(fixtureNames());
      const { tree, remove } = prepareTree(fixture);
      try {
        mutation.apply(tree, random);
        const problems = await problemsOf(fixture, tree);
        expect(problemsText(problems)).not.toContain("undefined");
        expect(problems.filter(({ code, message }) => code === "" || message === "")).toEqual([]);
      } finally {
        await remove();
      }
    }
  },
);

test("there are errors in those configurations alone that the reference refuses", async () => {
  const found: string[] = [];
  for (const fixture of fixtureNames().filter((name) => !("error" in readExpectation(name)))) {
    const { tree, remove } = prepareTree(fixture);
    try {
      const errors = (await problemsOf(fixture, tree)).filter(({ severity }) => severity === "error");
      found.push(...errors.map(({ where, message }) => `${fixture}: ${where}: ${message}`));
    } finally {
      await remove();
    }
  }
  expect(found).toEqual([]);
});
