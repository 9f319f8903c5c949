import type { Assignment, ValuePart } from "../config/ini.ts";
import { findSetting } from "../config/settings/index.ts";
import type { Setting } from "../config/settings/setting.ts";
import { isConditionSection } from "../config/unknown.ts";

/** One item of a list, or a value that is none, without quotes around it. */
export type Item = ValuePart;

/** By its name, which may be an old one or have the `@` of old. */
export function settingOf(key: string): Setting | undefined {
  return findSetting(key.replace(/^@/, ""));
}

/** The items of one line of a value. Of a condition such as `|!debian` it is what is compared. */
export function itemsOf({ section, key }: Pick<Assignment, "section" | "key">, part: ValuePart): Item[] {
  if (isConditionSection(section)) {
    const prefix = /^\|?!?/.exec(part.text)?.[0].length ?? 0;
    return [{ ...part, column: part.column + prefix, text: part.text.slice(prefix) }];
  }
  if (settingOf(key)?.type.collection !== true) return [part];
  return [...part.text.matchAll(/"([^"]*)"|'([^']*)'|[^\s,]+/g)].map(({ 0: whole, 1: double, 2: single, index }) => {
    const inner = double ?? single;
    return { line: part.line, column: part.column + index + (inner === undefined ? 0 : 1), text: inner ?? whole };
  });
}

/** Whether values of the setting are paths of this machine, or begin with one. */
export function takesPath({ metavar, type }: Setting): boolean {
  return [metavar, type.metavar].some((words) => /PATH|DIR/.test(words));
}
