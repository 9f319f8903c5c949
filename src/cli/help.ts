import type { Setting } from "../config/settings/setting.ts";
import { type Entry, table } from "./layout.ts";
import { type OwnOption, optionRows } from "./options.ts";
import { optionForm, ownOptionForm, verbForm } from "./setting-facts.ts";
import { type VerbRow, verbRows } from "./verbs.ts";

/** The help page, from the tables of verbs, own options and settings; lines are at most `columns` wide. */
export function helpPage(settings: readonly Setting[], columns = 100): string {
  const lines = [
    "Builds Linux OS images from mkosi.conf inside pinned, rootless containers.",
    "",
    "Usage: caisson [options] [verb] [-- arguments]",
    "",
    "Verbs:",
    ...table(verbRows.filter(({ later }) => !later).map(verbEntry), columns),
    "",
    "Verbs of mkosi that Caisson does not have yet:",
    ...table(verbRows.filter(({ later }) => later).map(verbEntry), columns),
    "",
    "Options ('caisson help VERB' shows those of one verb):",
    ...table(optionRows.filter((row) => row.verbs === undefined && !row.gone).map(ownEntry), columns),
    ...settingSections(settings).flatMap(({ section, rows }) => [
      "",
      `Settings of [${section}]:`,
      ...table(rows.map(settingEntry), columns),
    ]),
    "",
    "'caisson help SETTING' tells all about one setting.",
    "Exit codes: 0 done, 1 the build failed, 2 wrong configuration or command line,",
    "3 this host cannot build (see 'caisson doctor'), 130 interrupted.",
  ];
  return `${lines.join("\n")}\n`;
}

/** By section, in the order of the table; without hidden ones. */
export function settingSections(settings: readonly Setting[]): { section: string; rows: Setting[] }[] {
  const shown = settings.filter(({ hidden }) => !hidden);
  return [...new Set(shown.map(({ section }) => section))].map((section) => ({
    section,
    rows: shown.filter((row) => row.section === section),
  }));
}

export function verbEntry(verb: VerbRow): Entry {
  const aliases = verb.aliases === undefined ? "" : `; also called ${verb.aliases.join(", ")}`;
  return { term: verbForm(verb), text: verb.help + aliases };
}

export function ownEntry(row: OwnOption): Entry {
  const words = row.words === undefined ? "" : `: ${row.words.join(", ")}`;
  return { term: aligned(ownOptionForm(row)), text: `${row.help}${words}${row.later ? " (not done yet)" : ""}` };
}

function settingEntry(row: Setting): Entry {
  return { term: aligned(optionForm(row)), text: row.help };
}

/** Long forms stand below each other. */
function aligned(form: string): string {
  return form.startsWith("--") ? `    ${form}` : form;
}
