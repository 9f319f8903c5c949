import * as z from "zod";
import { invalid, type ValueContext, type ValueType } from "./value-type.ts";

/** How the items of a collection are told apart: commas and blanks, or blanks alone, or lines alone. */
export type Separator = "blank-or-comma" | "blank" | "quoted";

interface ListOptions<T> {
  metavar: string;
  item: z.ZodType<T>;
  read: (text: string, context: ValueContext) => T;
  separator?: Separator;
  /** Keeps the list in order after each assignment. */
  compare?: (a: T, b: T) => number;
  /** [Match] holds where the list has the item, or is empty where none is named. */
  matchable?: boolean;
}

/** A list: assignments add up, an empty one starts anew. */
export function list<T>(options: ListOptions<T>): ValueType<T[]> & { empty: T[] } {
  return {
    name: "list",
    metavar: options.metavar,
    empty: [],
    collection: true,
    schema: z.array(options.item),
    parse: (text, old, context) => {
      const items = split(text, options.separator ?? "blank-or-comma", context);
      if (items.length === 0) return undefined;
      const all = [...(old ?? []), ...items.map((item) => options.read(item, context))];
      return options.compare === undefined ? all : all.sort(options.compare);
    },
    merge: (weaker, stronger) => [...weaker, ...stronger],
    ...(options.matchable === true ? { matches: (condition: string, value: T[]) => listHas(condition, value) } : {}),
  };
}

function listHas(condition: string, value: readonly unknown[]): boolean {
  return condition === "" ? value.length === 0 : value.includes(condition);
}

export function textList(options: Partial<ListOptions<string>> = {}): ReturnType<typeof list<string>> {
  return list({ metavar: "TEXT", item: z.string(), read: (item) => item, ...options });
}

/** Package names first, then paths, then those in parentheses, each by code point. */
export const packageList = textList({
  metavar: "PACKAGE",
  compare: (a, b) => rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0),
});

function rank(name: string): number {
  return name.startsWith("(") ? 2 : name.startsWith("/") ? 1 : 0;
}

/** `NAME=VALUE` pairs; a name alone takes its value from the environment. */
export const environment: ValueType<Record<string, string>> & { empty: Record<string, string> } = {
  name: "dict",
  metavar: "NAME=VALUE",
  empty: {},
  collection: true,
  schema: z.record(z.string(), z.string()),
  parse: (text, old, context) => {
    const items = split(text, "quoted", context);
    return items.length === 0 ? undefined : { ...old, ...Object.fromEntries(items.map((item) => pair(item, context))) };
  },
  merge: (weaker, stronger) => ({ ...weaker, ...stronger }),
  matches: (condition, value) => {
    const equals = condition.indexOf("=");
    if (equals < 0) return Object.hasOwn(value, condition);
    return value[condition.slice(0, equals)] === condition.slice(equals + 1);
  },
};

function pair(item: string, context: ValueContext): [string, string] {
  const equals = item.indexOf("=");
  const name = (equals < 0 ? item : item.slice(0, equals)).trim();
  if (name === "") throw invalid(context, item, "expected NAME=VALUE");
  return [name, equals < 0 ? (context.environment[name] ?? "") : item.slice(equals + 1).trim()];
}

function split(text: string, separator: Separator, context: ValueContext): string[] {
  if (separator === "quoted") return splitQuoted(text, context);
  return text.split(separator === "blank" ? /[ \n]/ : /[\s,]/).filter((item) => item !== "");
}

/** Words in the manner of a POSIX shell: quotes and backslashes hold blanks together. */
function splitQuoted(text: string, context: ValueContext): string[] {
  const words: string[] = [];
  const token = /[ \n]+|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^ \n'"\\]+)|([\s\S])/g;
  let word: string | undefined;
  for (const [found, single, double, escaped, plain, stray] of text.matchAll(token)) {
    if (stray !== undefined) throw invalid(context, text, "a quotation or a backslash is not ended");
    if (/^[ \n]/.test(found)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    word = (word ?? "") + (single ?? double?.replace(/\\(["\\])/g, "$1") ?? escaped ?? plain);
  }
  return word === undefined ? words : [...words, word];
}
