import { type OwnOption, ownOptions } from "./options.ts";
import type { SettingOption } from "./parse.ts";
import { type VerbRow, verbs } from "./verbs.ts";

/** A row of the settings table, as far as the help page shows it. */
export interface HelpOption extends SettingOption {
  help: string;
  /** `Distribution`, `Output`, `Content` … */
  section: string;
  /** `BOOL`. */
  metavar: string;
}

/** The help page, from the tables of verbs, own options and settings; lines are at most `columns` wide. */
export function helpPage(settings: readonly HelpOption[], columns = 100): string {
  const lines = [
    "Builds Linux OS images from mkosi.conf inside pinned, rootless containers.",
    "",
    "Usage: caisson [options] [verb] [-- arguments]",
    "",
    "Verbs:",
    ...table((verbs as readonly VerbRow[]).map(verbEntry), columns),
    "",
    "Options:",
    ...table((ownOptions as readonly OwnOption[]).map(ownEntry), columns),
  ];
  const rows = settings.filter((row) => row.long !== undefined);
  for (const section of new Set(rows.map((row) => row.section))) {
    const entries = rows.filter((row) => row.section === section).map(settingEntry);
    lines.push("", `Settings of [${section}]:`, ...table(entries, columns));
  }
  lines.push("", "Exit codes: 0 done, 1 the build failed, 2 wrong configuration or command line,");
  lines.push("3 this host cannot build (see 'caisson doctor'), 130 interrupted.");
  return `${lines.join("\n")}\n`;
}

interface Entry {
  term: string;
  text: string;
}

const termWidth = 32;

function verbEntry(verb: VerbRow): Entry {
  return { term: verb.arguments === undefined ? verb.name : `${verb.name} ${verb.arguments}`, text: verb.help };
}

function ownEntry(option: OwnOption): Entry {
  const value = option.metavar === undefined ? "" : `=${option.metavar}`;
  return { term: `${shortPrefix(option.short)}${option.long}${value}`, text: option.help };
}

function settingEntry(row: HelpOption): Entry {
  return {
    term: `${shortPrefix(row.short)}${row.long}${row.takesValue ? `=${row.metavar}` : `[=${row.metavar}]`}`,
    text: row.help,
  };
}

function shortPrefix(short: string | undefined): string {
  return short === undefined ? "    " : `${short}, `;
}

function table(entries: Entry[], columns: number): string[] {
  return entries.flatMap(({ term, text }) => {
    const [first = "", ...rest] = wrap(text, columns - termWidth);
    const head = `  ${term}`;
    const indent = " ".repeat(termWidth);
    const own = head.length < termWidth - 1 ? [head.padEnd(termWidth) + first] : [head, indent + first];
    return [...own, ...rest.map((line) => indent + line)];
  });
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
