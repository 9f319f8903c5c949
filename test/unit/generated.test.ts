import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { generatedFiles } from "../../src/cli/documentation/files.ts";
import { settings } from "../../src/config/settings/index.ts";

const docs = join(import.meta.dirname, "../../docs");
const generated = generatedFiles(settings);

it.each(Object.keys(generated))("docs/%s is what 'make generate' writes", (path) => {
  expect(readFileSync(join(docs, path), "utf8")).toBe(generated[path]);
});

it("completions of shells are all generated", () => {
  const found = readdirSync(join(docs, "completion")).map((name) => `completion/${name}`);
  expect(found.sort()).toEqual(
    Object.keys(generated)
      .filter((path) => path.startsWith("completion/"))
      .sort(),
  );
});
