import type { Setting } from "../../config/settings/setting.ts";
import { ownEntry, settingSections, verbEntry } from "../help.ts";
import { type OwnOption, optionRows } from "../options.ts";
import { settingFacts } from "../setting-facts.ts";
import { type VerbRow, verbRows } from "../verbs.ts";
import { generatedBy, introduction } from "./texts.ts";

/** The reference page: every verb, option and setting, in Markdown (CommonMark with tables). */
export function referencePage(settings: readonly Setting[]): string {
  const options = optionRows.filter(({ gone }) => !gone);
  const lines = [
    `<!-- ${generatedBy} -->`,
    "# Caisson: reference",
    ...introduction.flatMap((paragraph) => ["", plain(paragraph)]),
    "",
    "## Verbs",
    ...definitions(verbRows.map(verbLine)),
    "",
    "## Options of the command line",
    ...definitions(options.map(ownLine)),
    ...settingSections(settings).flatMap(({ section, rows }) => ["", `## [${section}]`, ...rows.flatMap(settingLines)]),
  ];
  return `${lines.join("\n")}\n`;
}

function definitions(items: string[]): string[] {
  return ["", ...items.map((item) => `- ${item}`)];
}

function verbLine(verb: VerbRow): string {
  const { term, text } = verbEntry(verb);
  return `\`${term}\`: ${plain(text)}${verb.later ? " (Caisson does not have it yet)" : ""}`;
}

function ownLine(row: OwnOption): string {
  const { term, text } = ownEntry(row);
  const verbs = row.verbs === undefined ? "" : ` (for ${row.verbs.join(", ")})`;
  return `\`${term.trim()}\`: ${plain(text)}${verbs}`;
}

function settingLines(row: Setting): string[] {
  const facts = settingFacts(row).filter(({ label }) => label !== "Section");
  const lines = facts.map(({ label, text }) => `- ${label}: ${plain(text)}`);
  return ["", `### ${row.name}=`, "", plain(row.help), "", ...lines];
}

/** Text that Markdown shows as it is. */
function plain(text: string): string {
  return text.replaceAll(/[\\`*_<>[\]|#]/g, "\\$&");
}
