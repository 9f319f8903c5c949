import type { Setting } from "../../config/settings/setting.ts";
import { ownEntry, settingSections, verbEntry } from "../help.ts";
import type { Entry } from "../layout.ts";
import { optionRows } from "../options.ts";
import { settingFacts } from "../setting-facts.ts";
import { verbRows } from "../verbs.ts";
import { exitCodes, generatedBy, introduction } from "./texts.ts";

/** The manual page, in the macros of man(7). */
export function manPage(settings: readonly Setting[]): string {
  const lines = [
    `.\\" ${generatedBy}`,
    ".TH CAISSON 1",
    ".SH NAME",
    "caisson \\- build Linux OS images from mkosi.conf in rootless containers",
    ".SH SYNOPSIS",
    ".B caisson",
    "[options] [verb] [\\-\\- arguments]",
    ".SH DESCRIPTION",
    ...introduction.flatMap((paragraph) => [".PP", roff(paragraph)]),
    ".SH VERBS",
    ...verbRows.filter(({ later }) => !later).flatMap((verb) => tagged(verbEntry(verb))),
    ".SS Verbs of mkosi that Caisson does not have yet",
    ...verbRows.filter(({ later }) => later).flatMap((verb) => tagged(verbEntry(verb))),
    ".SH OPTIONS",
    ...optionRows.filter(({ gone }) => !gone).flatMap((row) => tagged(ownEntry(row))),
    ".SH SETTINGS",
    ...settingSections(settings).flatMap(({ section, rows }) => [
      `.SS "[${roff(section)}]"`,
      ...rows.flatMap(settingLines),
    ]),
    ".SH EXIT STATUS",
    ...exitCodes.flatMap(([code, meaning]) => tagged({ term: String(code), text: meaning })),
    ".SH SEE ALSO",
    ".BR mkosi (1),",
    ".BR podman (1),",
    ".BR repart.d (5)",
  ];
  return `${lines.join("\n")}\n`;
}

function tagged({ term, text }: Entry): string[] {
  return [".TP", `.B ${roff(term.trim())}`, roff(text)];
}

function settingLines(row: Setting): string[] {
  const facts = settingFacts(row).filter(({ label }) => label !== "Section");
  const lines = facts.flatMap(({ label, text }) => [".br", roff(`${label}: ${text}`)]);
  return [...tagged({ term: `${row.name}=`, text: row.help }), ...lines];
}

/** One line of text, which no macro or escape sequence is read from. */
function roff(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll("'", "\\(aq")
    .replaceAll("^", "\\(ha")
    .replaceAll("~", "\\(ti")
    .replace(/^(?=\.)/, "\\&");
}
