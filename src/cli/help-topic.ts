import type { Setting } from "../config/settings/setting.ts";
import { ownEntry } from "./help.ts";
import { table, wrap } from "./layout.ts";
import { type OwnOption, optionRows } from "./options.ts";
import { settingFacts, verbForm } from "./setting-facts.ts";
import { nearest } from "./suggest.ts";
import { usage } from "./usage.ts";
import { findVerb, type VerbRow, verbRows } from "./verbs.ts";

export type Topic = { setting: Setting } | { verb: VerbRow } | { option: OwnOption };

/**
 * What `word` names: a verb, or a setting by its name or option, old ones too, in any case and with or without `=`; or
 * an option of the command line. Throws UserError `unknown-topic`.
 */
export function findTopic(word: string, settings: readonly Setting[]): Topic {
  const verb = findVerb(word);
  if (verb !== undefined) return { verb };
  const wanted = word.replace(/=$/, "");
  const setting = settings.find((row) => namesOf(row).some((name) => isSame(name, wanted)));
  if (setting !== undefined) return { setting };
  const option = optionRows.find(({ long, short }) => wanted === short || isSame(long, wanted));
  if (option !== undefined) return { option };
  const known = [
    ...settings.flatMap(namesOf),
    ...optionRows.map(({ long }) => long),
    ...verbRows.map(({ name }) => name),
  ];
  const guess = nearest(wanted, known);
  const meant = guess === undefined ? "" : `; did you mean ${guess}?`;
  throw usage("unknown-topic", `There is no setting, option or verb '${word}'${meant}`, "'caisson help' lists them");
}

/** All about one setting, verb or option; lines are at most `columns` wide. */
export function topicHelp(topic: Topic, columns = 100): string {
  const lines =
    "verb" in topic
      ? verbLines(topic.verb, columns)
      : "setting" in topic
        ? settingLines(topic.setting, columns)
        : table([ownEntry(topic.option)], columns);
  return `${lines.join("\n")}\n`;
}

function settingLines(row: Setting, columns: number): string[] {
  const facts = settingFacts(row).map(({ label, text }) => ({ term: label, text }));
  return [
    `${row.name}=`,
    "",
    ...wrap(row.help, columns - 2).map((line) => `  ${line}`),
    "",
    ...table(facts, columns, 16),
  ];
}

function verbLines(verb: VerbRow, columns: number): string[] {
  const own = optionRows.filter(({ verbs }) => verbs?.includes(verb.name));
  const aliases = verb.aliases === undefined ? [] : ["", `Also called ${verb.aliases.join(", ")}`];
  return [
    `Usage: caisson [options] ${verbForm(verb)}`,
    "",
    ...wrap(verb.help, columns - 2).map((line) => `  ${line}`),
    ...(verb.later ? ["", "Caisson does not have this verb of mkosi yet."] : []),
    ...aliases,
    ...(own.length === 0 ? [] : ["", `Options of ${verb.name}:`, ...table(own.map(ownEntry), columns)]),
    "",
    "'caisson help' lists the options that all verbs take.",
  ];
}

function namesOf({ name, long, short, oldNames, oldLongs }: Setting): string[] {
  return [name, ...oldNames, long, ...oldLongs, ...(short === undefined ? [] : [short])];
}

/** Short options are told apart by their case. */
function isSame(name: string, wanted: string): boolean {
  return /^-[^-]/.test(name) ? name === wanted : name.toLowerCase() === wanted.toLowerCase();
}
