import { describe, expect, it } from "vitest";
import { generatedFiles } from "../../../../src/cli/documentation/files.ts";
import { configSchema } from "../../../../src/cli/documentation/schema.ts";
import { helpPage } from "../../../../src/cli/help.ts";
import { findTopic, topicHelp } from "../../../../src/cli/help-topic.ts";
import { optionRows } from "../../../../src/cli/options.ts";
import { parseCommandLine } from "../../../../src/cli/parse.ts";
import { verbRows } from "../../../../src/cli/verbs.ts";
import { loadConfig } from "../../../../src/config/index.ts";
import { summaryJson } from "../../../../src/config/json.ts";
import { settings } from "../../../../src/config/settings/index.ts";
import { type Setting, setting } from "../../../../src/config/settings/setting.ts";
import { enumeration } from "../../../../src/config/values/enumeration.ts";

const rows: readonly Setting[] = settings;
const added = setting({
  name: "Flavour",
  section: "Content",
  scope: "local",
  type: enumeration({ noun: "flavour", values: ["vanilla", "plain"] }),
  default: "vanilla",
  long: "--flavour",
  oldLongs: ["--flavor"],
  help: "How it tastes",
});
const withAdded = [...rows, added];

/** Every text that is made of the table, and how a setting's option is written there. */
const outputs: [name: string, write: (rows: readonly Setting[]) => string, option: (row: Setting) => string][] = [
  ["help", (rows) => helpPage(rows, 200), ({ long }) => long],
  ["reference.md", (rows) => file("reference.md", rows), ({ name, long }) => `### ${name}=\n\n[^]*${long}`],
  ["caisson.1", (rows) => file("caisson.1", rows).replaceAll("\\-", "-"), ({ name }) => `\\.B ${name}=\n`],
  ["bash", (rows) => file("completion/caisson.bash", rows), ({ long }) => `[' ]${long}[' )]`],
  ["zsh", (rows) => file("completion/_caisson", rows), ({ long }) => `'\\*${long}=`],
  ["fish", (rows) => file("completion/caisson.fish", rows), ({ long }) => ` -l ${long.slice(2)} `],
];

function file(name: string, rows: readonly Setting[]): string {
  return generatedFiles(rows)[name] ?? "";
}

describe.each(outputs)("%s", (_name, write, option) => {
  it("has every row of the table that is not hidden", () => {
    const text = write(rows);
    const missing = rows.filter((row) => !row.hidden && !new RegExp(option(row)).test(text));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  it("has a row that is added to the table", () => {
    expect(write(rows)).not.toMatch(new RegExp(option(added)));
    expect(write(withAdded)).toMatch(new RegExp(option(added)));
  });

  it("has every verb that there is", () => {
    const text = write(rows);
    for (const { name } of verbRows.filter(({ later }) => !later)) expect(text).toContain(name);
  });
});

it("the parser knows each row by its long, short and old options", () => {
  for (const { name, long, short, oldLongs, flagValue = "yes", takesValue } of rows) {
    for (const option of [long, ...oldLongs])
      expect(parseCommandLine([`${option}=x`, "summary"], rows).settings).toMatchObject([{ name, value: "x" }]);
    if (short === undefined) continue;
    const words = takesValue ? [short, "x"] : [short];
    expect(parseCommandLine(words, rows).settings).toMatchObject([{ name, value: takesValue ? "x" : flagValue }]);
  }
  expect(parseCommandLine(["--flavor=plain"], withAdded).settings).toMatchObject([{ name: "Flavour", value: "plain" }]);
});

it("no option is there twice, but those of one verb that hide a setting's", () => {
  const longs = rows.flatMap(({ long, oldLongs, short }) => [
    long,
    ...oldLongs,
    ...(short === undefined ? [] : [short]),
  ]);
  const own = optionRows.filter(({ verbs }) => verbs === undefined).flatMap(({ long, short = long }) => [long, short]);
  const all = [...longs, ...new Set(own)];
  expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([]);
});

it("help about each row names it", () => {
  for (const row of withAdded) {
    const text = topicHelp(findTopic(row.name, withAdded), 500);
    expect(text).toContain(`${row.name}=\n\n  ${row.help}\n`);
    expect(text).toContain(row.long);
  }
});

it("schema and summary have the same keys", async () => {
  const project = await loadConfig({ directory: "", arguments: [], environment: {} });
  const [image = {}] = summaryJson(project).Images;
  const { properties = {}, required } = imageSchema(rows);
  expect(Object.keys(properties).filter((name) => name !== "BuildSubdirectory")).toEqual(required);
  expect(Object.keys(image)).toEqual(required);
  expect(Object.keys(imageSchema(withAdded).properties ?? {})).toContain("Flavour");
});

it("the schema says what a value is, and whether it may be null", () => {
  const { properties = {} } = imageSchema(withAdded);
  expect(properties.Flavour).toEqual({
    title: "Flavour",
    description: "How it tastes",
    type: "string",
    enum: ["vanilla", "plain"],
  });
  expect(properties.RootPassword).toMatchObject({
    anyOf: [{ type: "array", prefixItems: [{ type: "string" }, { type: "boolean" }] }, { type: "null" }],
  });
  expect(properties.ExtraTrees).toMatchObject({ type: "array", items: { required: ["Source", "Target"] } });
});

function imageSchema(rows: readonly Setting[]) {
  const image = configSchema(rows).$defs?.image;
  if (image === undefined) throw new Error("the schema has no definition of an image");
  return image;
}
