import { join } from "node:path";
import type { ParsedSetting } from "../config/resolved.ts";
import { type OwnOption, type OwnOptions, optionRows } from "./options.ts";
import type { CommandLine, Occurrence, Option, OptionIndex, SettingOption } from "./parse.ts";
import { nearest } from "./suggest.ts";
import { usage } from "./usage.ts";
import { defaultVerb, findVerb, type Verb, type VerbRow, verbRows } from "./verbs.ts";

/** Makes sense of the words and options of a command line, now that its verb is known. Throws as the parser does. */
export function finishLine(positional: string[], given: Occurrence[], index: OptionIndex): CommandLine {
  const [name, ...rest] = positional;
  const row = verbRow(name ?? defaultVerb);
  const read = new Reader(row, index);
  for (const occurrence of given) read.take(occurrence);
  const options = read.options();
  return {
    ...whatToDo(row, name, rest, read),
    settings: read.settings,
    options,
    force: options.force,
    directory: read.directory,
    engine: read.settings.findLast((setting) => setting.name === "Engine")?.value,
    json: options.json,
    explain: options.explain,
    debug: options.debug,
    toolsUpdate: options.toolsUpdate,
    version: options.version,
    warnings: read.warnings,
  };
}

/** Help about a verb in place of the verb, where that is asked for. */
function whatToDo(
  row: VerbRow,
  name: string | undefined,
  rest: string[],
  read: Reader,
): Pick<CommandLine, "verb" | "arguments"> {
  const asked = [...read.own.keys()].some(({ id }) => id === "help");
  if (asked && row.name !== "help") return { verb: "help", arguments: name === undefined ? [] : [row.name] };
  refuseLater(row, rest, read.own);
  return { verb: row.name as Verb, arguments: rest };
}

class Reader {
  readonly settings: ParsedSetting[] = [];
  readonly warnings: string[] = [];
  readonly own = new Map<OwnOption, string[]>();
  directory = ".";
  readonly #verb: VerbRow;
  readonly #index: OptionIndex;

  constructor(verb: VerbRow, index: OptionIndex) {
    this.#verb = verb;
    this.#index = index;
  }

  take(occurrence: Occurrence): void {
    const option = this.#choose(occurrence.name);
    if ("setting" in option) this.#takeSetting(option.setting, occurrence);
    else this.#takeOwn(option.own, occurrence);
  }

  /** Every row of the table, with what was given for it. */
  options(): OwnOptions {
    const entries = optionRows.map((row) => {
      const values = this.own.get(row) ?? [];
      const value = row.takes === "count" ? values.length : row.takes === "nothing" ? values.length > 0 : values.at(-1);
      return [row.id, value];
    });
    return Object.fromEntries(entries) as OwnOptions;
  }

  #choose(name: string): Option {
    const candidates = this.#index.get(name) ?? [];
    const fits = (option: Option) => "setting" in option || belongsTo(option.own, this.#verb);
    const option = candidates.find(fits);
    if (option !== undefined) return option;
    const verbs = candidates.flatMap((candidate) => ("own" in candidate ? (candidate.own.verbs ?? []) : []));
    throw usage("option-not-for-verb", `Option ${name} belongs to ${verbs.join(", ")}, not to ${this.#verb.name}`);
  }

  #takeSetting(setting: SettingOption, { name, value, raw }: Occurrence): void {
    if (setting.oldLongs.includes(name)) this.warnings.push(`${name} is deprecated, it is ${setting.long} now`);
    const alone = name === setting.short ? (setting.flagValue ?? "yes") : "yes";
    this.settings.push({ name: setting.name, value: value ?? alone, source: "command line", raw });
  }

  #takeOwn(own: OwnOption, { name, value, raw }: Occurrence): void {
    if (value !== undefined && own.takes !== "value")
      throw usage("unexpected-value", `Option ${name} takes no value, but was given '${value}'`);
    if (own.gone) this.warnings.push(`${name} is not supported any more and has no effect`);
    if (value !== undefined && own.words !== undefined && !own.words.includes(value))
      throw invalidWord(own, value, raw);
    if (own.id === "directory") this.directory = intoDirectory(this.directory, value ?? "");
    this.own.set(own, [...(this.own.get(own) ?? []), value ?? ""]);
  }
}

/** As if each were entered before the next one is read. */
function intoDirectory(from: string, to: string): string {
  return from === "." || from === "" || to === "" || to.startsWith("/") ? to : join(from, to);
}

function belongsTo({ verbs }: OwnOption, verb: VerbRow): boolean {
  return verbs === undefined || verbs.includes(verb.name);
}

function invalidWord({ words = [] }: OwnOption, value: string, raw: string) {
  const guess = nearest(value, words);
  const meant = guess === undefined ? "" : `; did you mean ${guess}?`;
  return usage("invalid-value", `${raw}: expected ${words.join(", ")}${meant}`);
}

function refuseLater(verb: VerbRow, args: string[], own: ReadonlyMap<OwnOption, string[]>): void {
  if (verb.later)
    throw usage(
      "verb-unsupported",
      `Caisson does not have mkosi's verb ${verb.name} yet`,
      "'caisson help' lists verbs",
    );
  if (args.length > 0 && verb.arguments === undefined)
    throw usage("unexpected-argument", `The verb ${verb.name} takes no arguments, but was given '${args[0]}'`);
  const unbuilt = verb.builds ? [...own.keys()].find((row) => row.later) : undefined;
  if (unbuilt !== undefined)
    throw usage("not-built-yet", `Caisson does not do what ${unbuilt.long} asks for yet: ${lowerFirst(unbuilt.help)}`);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function verbRow(name: string): VerbRow {
  const found = findVerb(name);
  if (found !== undefined) return found;
  const names = verbRows.filter(({ later }) => !later).map((verb) => verb.name);
  const guess = nearest(
    name,
    verbRows.map((verb) => verb.name),
  );
  throw usage(
    "unknown-verb",
    `Unknown verb '${name}'${guess === undefined ? "" : `; did you mean ${guess}?`}`,
    `Verbs are ${names.join(", ")}`,
  );
}
