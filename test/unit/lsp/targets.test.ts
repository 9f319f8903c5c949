import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { targetsIn } from "../../../src/lsp/targets.ts";
import { packageRoot } from "../../../src/tools/root.ts";
import { surroundings } from "./marked.ts";

const tree = {
  "more.conf": "",
  "folder/mkosi.conf": "",
  "plain/file": "",
  "a.sh": "",
  "b.sh": "",
  "mkosi.profiles/debug.conf": "",
  "mkosi.profiles/big/mkosi.conf": "",
  "mkosi.images/base/mkosi.conf": "",
  "mkosi.images/base/own": "",
};

/** What the text leads to, with the text that does. */
function targets(text: string, file?: string): [text: string, ...paths: string[]][] {
  const around = surroundings(tree, file);
  return targetsIn(text, around).map(({ range, paths }) => [
    text.split("\n")[range.start.line]?.slice(range.start.character, range.end.character) ?? "",
    ...paths.map((path) => path.replace(`${around.root}/`, "")),
  ]);
}

test.each([
  ["[Include]\nInclude=more.conf folder", ["more.conf", "more.conf"], ["folder", "folder/mkosi.conf"]],
  [
    "[Content]\nExtraTrees=\n    plain/file:/etc/file\n    plain",
    ["plain/file:/etc/file", "plain/file"],
    ["plain", "plain"],
  ],
  ["[Content]\nBuildScripts=*.sh", ["*.sh", "a.sh", "b.sh"]],
  ["[Config]\nProfiles=debug,big", ["debug", "mkosi.profiles/debug.conf"], ["big", "mkosi.profiles/big/mkosi.conf"]],
  ["[Config]\nDependencies=base", ["base", "mkosi.images/base/mkosi.conf"]],
  ["[Match]\nImage=!base", ["base", "mkosi.images/base/mkosi.conf"]],
  ["[Match]\nPathExists=|a.sh", ["a.sh", "a.sh"]],
  ["[Content]\nExtraTrees=%D/plain %P/a.sh %C/b.sh", ["%D/plain", "plain"], ["%P/a.sh", "a.sh"], ["%C/b.sh", "b.sh"]],
])("%j", (text, ...expected) => {
  expect(targets(text)).toEqual(expected);
});

describe("paths are relative to the folder that the file belongs to", () => {
  test.each([
    ["mkosi.conf.d/10.conf", ["plain", "plain"]],
    ["mkosi.images/base/mkosi.conf", ["own", "mkosi.images/base/own"]],
  ])("%s", (file, expected) => {
    expect(targets("[Content]\nExtraTrees=own plain", file)).toEqual([expected]);
  });
});

test("a built-in configuration is a file of Caisson", () => {
  const path = join(packageRoot(), "tools-images/vm/mkosi.conf");
  expect(targets("[Include]\nInclude=mkosi-vm")).toEqual([["mkosi-vm", path]]);
});

test.each([
  "[Content]\nExtraTrees=missing",
  "[Content]\nExtraTrees=~nobody/plain",
  "[Content]\nExtraTrees=%o/plain",
  "[Config]\nProfiles=none",
  "[Content]\nPackages=plain",
  "[Match]\nFormat=plain",
  "[Output]\nFormat\nPackages",
])("%j leads nowhere", (text) => {
  expect(targets(text)).toEqual([]);
});
