import { join, relative } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { parseCommandLine } from "../../../src/cli/parse.ts";
import { readSummaryJson } from "../../../src/config/from-json.ts";
import { loadConfig, settings } from "../../../src/config/index.ts";
import { type ImageJson, type SummaryJson, summaryJson } from "../../../src/config/json.ts";
import { packageRoot } from "../../../src/tools/root.ts";
import {
  fixtureNames,
  fixturesFolder,
  normalise,
  prepareTree,
  readCase,
  readExpectation,
  textOf,
} from "../../parity/fixtures.mjs";
import { differences } from "../../parity/report.mjs";

const isBuiltIn = (path: string) => path.startsWith(join(packageRoot(), "tools-images/"));
const host = { distribution: "debian", release: "trixie", architecture: "x86-64" };

const cases = fixtureNames().map((name) => ({ name, ...readCase(name), expected: readExpectation(name) }));

const ownNames: string[] = settings.filter(({ section }) => section === "X-Caisson").map(({ name }) => name);

/** Leaves out the settings that the reference does not have. */
function withoutOwn({ Tools, Images }: SummaryJson): SummaryJson {
  const without = (image: ImageJson) =>
    Object.fromEntries(Object.entries(image).filter(([name]) => !ownNames.includes(name)));
  return { Tools: Tools === null ? null : without(Tools), Images: Images.map(without) };
}

/** What Caisson makes of a fixture, and where it lay. */
async function summaryOf(name: string): Promise<{ summary: SummaryJson; tree: string; above: string }> {
  const { arguments: words, environment } = readCase(name);
  const { tree, above, remove } = prepareTree(name);
  onTestFinished(remove);
  const { settings: given, directory } = parseCommandLine([...words, "summary"], settings);
  const project = await loadConfig({
    // As -C takes it: from where the program is started.
    directory: directory === "." ? tree : relative(process.cwd(), join(tree, directory)),
    arguments: given,
    environment: { PATH: process.env.PATH, ...environment },
    host,
  });
  return { summary: summaryJson(project), tree, above };
}

describe("a configuration is what the reference makes of it", () => {
  test.each(cases.filter(({ expected }) => !expected.error))("$name: $about", async ({ name, expected }) => {
    const { summary, tree, above } = await summaryOf(name);
    const given = textOf(join(fixturesFolder, name));
    expect(differences(expected, normalise(withoutOwn(summary), { tree, above, isBuiltIn, given }))).toEqual([]);
  });

  test.each(cases.filter(({ expected }) => expected.error))("$name is refused: $about", async ({ name }) => {
    await expect(summaryOf(name)).rejects.toMatchObject({ name: "UserError", exitCode: 2 });
  });
});

test.each(cases.filter(({ expected }) => !expected.error))("round trip: $name", async ({ name }) => {
  const { summary } = await summaryOf(name);
  expect(summaryJson(readSummaryJson(JSON.parse(JSON.stringify(summary))))).toEqual(summary);
});
