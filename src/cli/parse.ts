import { ExitCode } from "../../sandbox/protocol.ts";
import type { ParsedSetting } from "../config/resolved.ts";
import { UserError } from "../errors.ts";
import { type OwnOption, type OwnOptionId, ownOptions } from "./options.ts";
import { nearest } from "./suggest.ts";
import { defaultVerb, type Verb, type VerbRow, verbs } from "./verbs.ts";

/** What the parser needs to know of a row of the settings table. */
export interface SettingOption {
  name: string;
  /** `--with-docs`; absent where the setting cannot be given on the command line. */
  long?: string | undefined;
  /** Older spellings of `long`. */
  oldLongs?: readonly string[];
  /** `-a`. */
  short?: string | undefined;
  /** False for a switch: it may stand without a value and means `flagValue` then; its short form never takes one. */
  takesValue: boolean;
  flagValue: string;
}

export interface CommandLine {
  verb: Verb;
  /** What follows the verb, and what follows `--`. */
  arguments: string[];
  /** In the order given; the last one wins, lists add up. */
  settings: ParsedSetting[];
  /** How often `-f` was given. */
  force: number;
  /** As written; `.` where not given. */
  directory: string;
  /** Of the setting of that name, for verbs that read no configuration. */
  engine: string | undefined;
  json: boolean;
  explain: boolean;
  debug: boolean;
  toolsUpdate: boolean;
  help: boolean;
  version: boolean;
}

type Option = { own: OwnOption } | { setting: SettingOption };

/**
 * Parses `[options] [verb] [arguments] [-- arguments]`, the command line shape of mkosi(1): options may stand before
 * and after the verb, `--option=value` and `--option value` are the same, short options may be joined (`-ff`, `-ttar`).
 * Unlike there, a switch may stand without its value: `--autologin`.
 *
 * Throws UserError `unknown-option`, `unknown-verb`, `missing-value`, `unexpected-value`, `unexpected-argument`.
 */
export function parseCommandLine(argv: readonly string[], settings: readonly SettingOption[]): CommandLine {
  const options = optionIndex(settings);
  const line = new LineBuilder();
  const words = [...argv];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === "--") {
      line.arguments.push(...words.splice(0));
    } else if (word.startsWith("--")) {
      readLong(word, words, options, line);
    } else if (word.startsWith("-") && word !== "-") {
      readShorts(word, words, options, line);
    } else {
      line.positional.push(word);
    }
  }
  return line.finish();
}

function optionIndex(settings: readonly SettingOption[]): Map<string, Option> {
  const index = new Map<string, Option>();
  const add = (option: Option, ...names: (string | undefined)[]) => {
    for (const name of names) if (name !== undefined) index.set(name, option);
  };
  for (const setting of settings) add({ setting }, setting.long, setting.short, ...(setting.oldLongs ?? []));
  for (const own of ownOptions as readonly OwnOption[]) add({ own }, own.long, own.short);
  return index;
}

function readLong(word: string, words: string[], options: Map<string, Option>, line: LineBuilder): void {
  const equals = word.indexOf("=");
  const name = equals < 0 ? word : word.slice(0, equals);
  const option = options.get(name) ?? unknownOption(name, options);
  if (equals >= 0) line.apply(name, option, word.slice(equals + 1), word);
  else line.apply(name, option, takeValue(name, option, words));
}

function readShorts(word: string, words: string[], options: Map<string, Option>, line: LineBuilder): void {
  for (let rest = word.slice(1); rest !== ""; ) {
    const name = `-${rest.charAt(0)}`;
    const option = options.get(name) ?? unknownOption(name, options);
    rest = rest.slice(1);
    if (needsValue(option) && rest !== "") {
      line.apply(name, option, rest.replace(/^=/, ""), name + rest);
      return;
    }
    line.apply(name, option, rest === "" && needsValue(option) ? takeValue(name, option, words) : undefined);
  }
}

function takeValue(name: string, option: Option, words: string[]): string | undefined {
  if (needsValue(option)) {
    const value = words.shift();
    if (value === undefined || value === "--") throw usage("missing-value", `Option ${name} needs a value`);
    return value;
  }
  return "setting" in option && name.startsWith("--") && canBeValue(words[0]) ? words.shift() : undefined;
}

/** Whether a word behind a switch is its value: `--autologin no build`, `--autologin build`. */
function canBeValue(word: string | undefined): boolean {
  return word !== undefined && !word.startsWith("-") && !verbs.some((verb) => verb.name === word);
}

function needsValue(option: Option): boolean {
  return "own" in option ? option.own.takes === "value" : option.setting.takesValue;
}

function unknownOption(name: string, options: Map<string, Option>): never {
  const guess = name.startsWith("--") ? nearest(name, options.keys()) : undefined;
  throw usage(
    "unknown-option",
    `Unknown option ${name}${guess === undefined ? "" : `; did you mean ${guess}?`}`,
    "'caisson help' lists every option; arguments of a verb that begin with '-' come after '--'",
  );
}

class LineBuilder {
  readonly positional: string[] = [];
  readonly arguments: string[] = [];
  readonly #settings: ParsedSetting[] = [];
  readonly #own = new Map<OwnOptionId, string[]>();

  /** `raw` is how it was written, where not as words of its own. */
  apply(
    name: string,
    option: Option,
    value: string | undefined,
    raw = value === undefined ? name : `${name} ${value}`,
  ) {
    if ("setting" in option) {
      const { name, flagValue } = option.setting;
      this.#settings.push({ name, value: value ?? flagValue, source: "command line", raw });
      return;
    }
    if (value !== undefined && option.own.takes !== "value")
      throw usage("unexpected-value", `Option ${name} takes no value, but was given '${value}'`);
    const id = option.own.id as OwnOptionId;
    this.#own.set(id, [...(this.#own.get(id) ?? []), value ?? ""]);
  }

  finish(): CommandLine {
    const [first, ...rest] = this.positional;
    const verb = findVerb(first);
    const args = [...rest, ...this.arguments];
    if (args.length > 0 && !("arguments" in verb))
      throw usage("unexpected-argument", `The verb ${verb.name} takes no arguments, but was given '${args[0]}'`);
    return {
      verb: verb.name,
      arguments: args,
      settings: this.#settings,
      force: this.#own.get("force")?.length ?? 0,
      directory: this.#own.get("directory")?.at(-1) ?? ".",
      engine: this.#settings.findLast((setting) => setting.name === "Engine")?.value,
      json: this.#own.has("json"),
      explain: this.#own.has("explain"),
      debug: this.#own.has("debug"),
      toolsUpdate: this.#own.has("toolsUpdate"),
      help: this.#own.has("help"),
      version: this.#own.has("version"),
    };
  }
}

function findVerb(name: string = defaultVerb): (typeof verbs)[number] {
  const found = verbs.find((verb) => verb.name === name);
  if (found !== undefined) return found;
  const names = (verbs as readonly VerbRow[]).map((verb) => verb.name);
  const guess = nearest(name, names);
  throw usage(
    "unknown-verb",
    `Unknown verb '${name}'${guess === undefined ? "" : `; did you mean ${guess}?`}`,
    `Verbs are ${names.join(", ")}`,
  );
}

function usage(code: string, message: string, hint?: string): UserError {
  return new UserError(code, message, { exitCode: ExitCode.usage, ...(hint === undefined ? {} : { hint }) });
}
