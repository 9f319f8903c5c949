import { expect, test } from "vitest";
import { lint } from "../../../src/verbs/lint.ts";
import { debian, folder } from "../config/folder.ts";
import { verbContext } from "./context.ts";

const root = (content: string) => folder({ "mkosi.conf": debian + content });
const run = (directory: string, ...argv: string[]) => lint(verbContext("-C", directory, "lint", ...argv));

test.each([
  ["nothing", "[Content]\nPackages=a\n", [], 0],
  ["a warning", "[Output]\n", [], 0],
  ["a warning, with --strict", "[Output]\n", ["--strict"], 2],
  ["nothing, with --strict", "", ["--strict"], 0],
  ["an error", "[Output]\nFormat=x\n", [], 2],
  ["what a build would pass over", "[Output]\nFoo=x\n", [], 2],
])("the exit code for %s", async (_, content, argv, exitCode) => {
  expect((await run(root(content), ...argv)).exitCode).toBe(exitCode);
});

test("prints text, JSON or SARIF; --json is JSON as well", async () => {
  const directory = root("[Output]\n");
  const problem = {
    severity: "warning",
    code: "empty-section",
    message: "[Output] has no assignment",
    place: { file: `${directory}/mkosi.conf`, line: 4, column: 1, length: 8 },
    where: `${directory}/mkosi.conf:4`,
  };
  const { text, data } = await run(directory);
  expect(text).toBe(`${directory}/mkosi.conf:4:1: warning: [Output] has no assignment [empty-section]\n1 warning\n`);
  expect(data).toEqual([problem]);
  expect(JSON.parse((await run(directory, "--format=json")).text ?? "")).toEqual([problem]);
  const sarif = await run(directory, "--format=sarif");
  expect(JSON.parse(sarif.text ?? "")).toEqual(sarif.data);
  expect(sarif.data).toMatchObject({ version: "2.1.0", runs: [{ results: [{ ruleId: "empty-section" }] }] });
});

test("looks at the files that are named, relative to -C", async () => {
  const directory = folder({ "mkosi.conf": `${debian}[Output]\n`, "mkosi.conf.d/a.conf": "[Build]\n" });
  const { text } = await run(directory, "mkosi.conf.d/a.conf");
  expect(text).toBe(
    `${directory}/mkosi.conf.d/a.conf:1:1: warning: [Build] has no assignment [empty-section]\n1 warning\n`,
  );
  await expect(run(directory, "mkosi.conf", "b.conf")).rejects.toMatchObject({
    code: "file-not-found",
    message: "b.conf does not exist",
    exitCode: 2,
  });
});
