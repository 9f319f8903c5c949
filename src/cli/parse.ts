import type { ParsedSetting } from "../config/resolved.ts";
import { finishLine } from "./line.ts";
import { type OwnOption, type OwnOptions, optionRows } from "./options.ts";
import { nearest } from "./suggest.ts";
import { usage } from "./usage.ts";
import { findVerb, type Verb } from "./verbs.ts";

/** What the parser needs to know of a row of the settings table. */
export interface SettingOption {
  name: string;
  /** `--with-docs`. */
  long: string;
  /** Older spellings of `long`. */
  oldLongs: readonly string[];
  /** `-a`. */
  short?: string | undefined;
  /** False for a switch: its long form may stand without a value and means "yes" then; its short form never takes one. */
  takesValue: boolean;
  /** What the short form of a switch means. */
  flagValue: string | undefined;
}

export interface CommandLine {
  verb: Verb;
  /** What follows the verb, and what follows `--`. */
  arguments: string[];
  /** In the order given; the last one wins, lists add up. */
  settings: ParsedSetting[];
  /** Options that are no settings. */
  options: OwnOptions;
  /** How often `-f` was given. */
  force: number;
  /** As written, each -C being relative to the one before; `.` where not given, empty where no files are to be read. */
  directory: string;
  /** Of the setting of that name, for verbs that read no configuration. */
  engine: string | undefined;
  json: boolean;
  explain: boolean;
  debug: boolean;
  toolsUpdate: boolean;
  version: boolean;
  /** What is accepted, but should be written in another way. */
  warnings: string[];
}

export type Option = { own: OwnOption } | { setting: SettingOption };

/** One option as it was given. */
export interface Occurrence {
  /** `--format`, `-t`. */
  name: string;
  /** Undefined where it stood without one. */
  value: string | undefined;
  /** `--format=tar`. */
  raw: string;
}

/** The options that a name can mean; which one it is, the verb decides. */
export type OptionIndex = ReadonlyMap<string, readonly Option[]>;

/**
 * Parses `[options] [verb] [arguments] [-- arguments]`, the command line shape of mkosi(1): options may stand before
 * and after the verb, `--option=value` and `--option value` are the same, short options may be joined (`-ff`, `-ttar`).
 * Unlike there, a switch may stand without its value: `--autologin`.
 *
 * Throws UserError `unknown-option`, `unknown-verb`, `missing-value`, `unexpected-value`, `invalid-value`,
 * `unexpected-argument`, `option-not-for-verb`; `verb-unsupported` and `not-built-yet` for what Caisson does not do yet.
 */
export function parseCommandLine(argv: readonly string[], settings: readonly SettingOption[]): CommandLine {
  const options = optionIndex(settings);
  const given: Occurrence[] = [];
  const positional: string[] = [];
  const words = [...argv];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === "--") positional.push(...words.splice(0));
    else if (word.startsWith("--")) given.push(readLong(word, words, options));
    else if (word.startsWith("-") && word !== "-") given.push(...readShorts(word, words, options));
    else positional.push(word);
  }
  return finishLine(positional, given, options);
}

function optionIndex(settings: readonly SettingOption[]): OptionIndex {
  const index = new Map<string, Option[]>();
  const add = (option: Option, ...names: (string | undefined)[]) => {
    for (const name of names) if (name !== undefined) index.set(name, [...(index.get(name) ?? []), option]);
  };
  // In front of settings, since those of one verb hide a setting's.
  for (const own of optionRows) add({ own }, own.long, own.short);
  for (const setting of settings) add({ setting }, setting.long, setting.short, ...setting.oldLongs);
  return index;
}

function readLong(word: string, words: string[], options: OptionIndex): Occurrence {
  const equals = word.indexOf("=");
  if (equals < 0) return occurrence(word, takeValue(word, findOption(word, options), words));
  const name = word.slice(0, equals);
  findOption(name, options);
  return { name, value: word.slice(equals + 1), raw: word };
}

function readShorts(word: string, words: string[], options: OptionIndex): Occurrence[] {
  const found: Occurrence[] = [];
  for (let rest = word.slice(1); rest !== ""; ) {
    const name = `-${rest.charAt(0)}`;
    const option = findOption(name, options);
    rest = rest.slice(1);
    if (needsValue(option) && rest !== "") return [...found, { name, value: rest.replace(/^=/, ""), raw: name + rest }];
    found.push(occurrence(name, needsValue(option) ? takeValue(name, option, words) : undefined));
  }
  return found;
}

function occurrence(name: string, value: string | undefined): Occurrence {
  return { name, value, raw: value === undefined ? name : `${name} ${value}` };
}

function takeValue(name: string, option: Option, words: string[]): string | undefined {
  if (needsValue(option)) {
    const value = words.shift();
    if (value === undefined || value === "--") throw usage("missing-value", `Option ${name} needs a value`);
    return value;
  }
  return "setting" in option && canBeValue(words[0]) ? words.shift() : undefined;
}

/** Whether a word behind a switch is its value: `--autologin no build`, `--autologin build`. */
function canBeValue(word: string | undefined): boolean {
  return word !== undefined && !word.startsWith("-") && findVerb(word) === undefined;
}

/** Options of the same name take a value alike. */
function needsValue(option: Option): boolean {
  return "own" in option ? option.own.takes === "value" : option.setting.takesValue;
}

function findOption(name: string, options: OptionIndex): Option {
  const [option] = options.get(name) ?? [];
  if (option !== undefined) return option;
  const guess = name.startsWith("--") ? nearest(name, options.keys()) : undefined;
  throw usage(
    "unknown-option",
    `Unknown option ${name}${guess === undefined ? "" : `; did you mean ${guess}?`}`,
    "'caisson help' lists every option; arguments of a verb that begin with '-' come after '--'",
  );
}
