import type { Setting } from "../../config/settings/setting.ts";
import { exportFormats } from "../../exports/index.ts";
import { type OwnOption, optionRows } from "../options.ts";
import { settingWords } from "../setting-facts.ts";
import { verbRows } from "../verbs.ts";

/** What a shell offers for a value. */
export interface Values {
  words: readonly string[];
  /** Paths as well. */
  files: boolean;
}

export interface CompletedOption {
  /** `--format`. */
  long: string;
  short?: string | undefined;
  /** Whether a value must follow, may follow after `=`, or does not. */
  value: "required" | "optional" | "none";
  /** The short form takes a value as the long one does. */
  shortTakesValue: boolean;
  metavar: string;
  values: Values;
  /** Absent: all. */
  verbs?: readonly string[] | undefined;
  help: string;
}

export interface CompletedVerb {
  name: string;
  /** Words of its argument. */
  words: readonly string[];
  help: string;
}

export interface CompletionModel {
  options: CompletedOption[];
  verbs: CompletedVerb[];
  /** Names of settings, which some verbs take. */
  settings: string[];
}

/** What all shells complete, from the tables. Old spellings and verbs that Caisson does not have are left out. */
export function completionModel(settings: readonly Setting[]): CompletionModel {
  const names = settings.map(({ name }) => name);
  const verbs = verbRows.filter(({ later }) => !later);
  const topics = [...names, ...verbs.map(({ name }) => name)];
  const wordsOf: Record<string, readonly string[]> = {
    explain: names,
    help: topics,
    export: Object.keys(exportFormats),
  };
  return {
    options: [...settings.filter(({ hidden }) => !hidden).map(settingOption), ...ownOptions().map(ownOption)],
    verbs: verbs.map(({ name, words = wordsOf[name] ?? [], help }) => ({ name, words, help })),
    settings: names,
  };
}

function ownOptions(): OwnOption[] {
  const offered = new Set(verbRows.filter(({ later }) => !later).map(({ name }) => name));
  return optionRows.filter(
    (row) => !row.gone && (row.verbs === undefined || row.verbs.some((verb) => offered.has(verb))),
  );
}

function settingOption(row: Setting): CompletedOption {
  const { long, short, takesValue, metavar, help } = row;
  return {
    long,
    short,
    value: takesValue ? "required" : "optional",
    shortTakesValue: takesValue,
    metavar,
    values: { words: settingWords(row), files: /PATH|DIR/.test(metavar) },
    help,
  };
}

function ownOption({ long, short, takes, metavar = "", words = [], verbs, help }: OwnOption): CompletedOption {
  const takesValue = takes === "value";
  return {
    long,
    short,
    value: takesValue ? "required" : "none",
    shortTakesValue: takesValue,
    metavar,
    values: { words, files: metavar === "PATH" },
    verbs,
    help,
  };
}
