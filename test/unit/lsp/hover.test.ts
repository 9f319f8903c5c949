import { expect, test } from "vitest";
import { MarkupKind } from "vscode-languageserver";
import { settingFacts } from "../../../src/cli/setting-facts.ts";
import { machineConditions } from "../../../src/config/match.ts";
import { Format } from "../../../src/config/settings/output.ts";
import type { Setting } from "../../../src/config/settings/setting.ts";
import { hoverAt } from "../../../src/lsp/hover.ts";
import { conditionHelp } from "../../../src/lsp/sections.ts";
import { marked } from "./marked.ts";

function hover(text: string, kind: MarkupKind = MarkupKind.PlainText) {
  const { text: plain, position } = marked(text);
  return hoverAt(plain, position, kind);
}

test("a setting has its facts, on its name and its value", () => {
  const onKey = hover("[Output]\nFor^mat=disk");
  const onValue = hover("[Output]\nFormat=di^sk");
  expect(onKey?.contents).toMatchObject({ kind: "plaintext", value: expect.stringMatching(/^Format=\n/) });
  expect(onValue?.contents).toEqual(onKey?.contents);
  expect([onKey?.range, onValue?.range]).toMatchObject([
    { start: { line: 1, character: 0 }, end: { line: 1, character: 6 } },
    { start: { line: 1, character: 7 }, end: { line: 1, character: 11 } },
  ]);
});

test("Markdown has the same facts as the help", () => {
  const value = JSON.stringify(hover("[Output]\nFormat^=", MarkupKind.Markdown)?.contents);
  const labels = settingFacts(Format as Setting).map(({ label }) => label);
  expect([...value.matchAll(/\\n- ([^:]+):/g)].map(([, label]) => label)).toEqual(labels);
  expect(value).toContain(JSON.stringify("- Section: \\[Output\\]").slice(1, -1));
});

test.each([
  ["[Match]\nImage^=main", `Image=\n\n${conditionHelp.Image}`],
  ["[Match^]", "[Match]\n\nThe file counts only where all of these conditions hold, in every [Match] section of it"],
  ["[Include^]", "[Include]\n\nSettings: Include="],
  ["[Output]\nImageId=a-%^d", "%d\n\nThe value of Distribution="],
  ["[Output]\nImageId=%%%^C", "%C\n\nFolder of the file that it stands in"],
])("%j", (text, expected) => {
  expect(hover(text)?.contents).toEqual({ kind: "plaintext", value: expected });
});

test("an old name explains the setting", () => {
  expect(hover("[Config]\nProf^ile=x")?.contents).toMatchObject({ value: expect.stringMatching(/^Profiles=\n/) });
});

test.each(["[Nonsense^]", "[Output]\nNonsense^=x", "# Format^=", "[Output]\nImage^=x"])("%j has none", (text) => {
  expect(hover(text)).toBeUndefined();
});

test("every condition on the machine is explained", () => {
  expect(Object.keys(conditionHelp).sort()).toEqual(Object.keys(machineConditions).sort());
});
