import type { Form } from "./form.ts";
import { type Separator, splitItems } from "./quoting.ts";
import { isFilename } from "./scalars.ts";
import { invalid, shorten, type ValueContext, type ValueType } from "./value-type.ts";

export interface ListOptions<T> {
  metavar: string;
  /** One item in JSON. */
  item: Form;
  read: (text: string, context: ValueContext) => T;
  separator?: Separator;
  /** What an item stands for before it is read: the files that a pattern finds. */
  expand?: (text: string, context: ValueContext) => string[];
  /** The order of the list, whatever that of its assignments is. */
  compare?: (a: T, b: T) => number;
  /** [Match] holds where the list has the item, or is empty where none is named. */
  matchable?: boolean;
  /** Every word that an item can be. */
  words?: readonly string[];
  /** An item as people read it. */
  show?: (item: T) => string;
}

export type List<T> = ValueType<T[]> & { empty: T[] };

/** A list: assignments add up, an empty one starts anew. */
export function list<T>(options: ListOptions<T>): List<T> {
  const { metavar, item, read, separator = "blank-or-comma", expand = (text) => [text], compare, words } = options;
  return {
    name: "list",
    metavar,
    empty: [],
    collection: true,
    ...(words === undefined ? {} : { words }),
    ...(options.show === undefined ? {} : { show: options.show }),
    form: { kind: "list", item },
    parse: (text, old, context) => {
      const items = splitItems(text, separator, context)?.flatMap((found) => expand(found, context));
      if (items === undefined) return undefined;
      // All of them first: one that cannot be read leaves the value as it was.
      const added = items.map((found) => read(found, context));
      const all = old ?? [];
      for (const item of added) all.push(item);
      return all;
    },
    ...(compare === undefined ? {} : { arrange: (all: T[]) => all.sort(compare) }),
    merge: (weaker, stronger) => [...weaker, ...stronger],
    ...(options.matchable === true ? { matches: hasItem(read) } : {}),
  };
}

function hasItem<T>(read: ListOptions<T>["read"]): NonNullable<ValueType<T[]>["matches"]> {
  return (condition, value, context) =>
    condition === "" ? value.length === 0 : value.includes(read(condition, context));
}

export function textList(options: Partial<ListOptions<string>> = {}): List<string> {
  return list({ metavar: "TEXT", item: { kind: "text" }, read: (item) => item, ...options });
}

/** Package names first, then paths, then those in parentheses, each by code point. */
export const packageList = textList({
  metavar: "PACKAGE",
  compare: (a, b) => rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0),
});

function rank(name: string): number {
  return name.startsWith("(") ? 2 : name.startsWith("/") ? 1 : 0;
}

/** For lists of kernel modules or firmware: a regular expression is marked as one, `default` and `host` are words. */
export function moduleFilter(text: string, context: ValueContext): string {
  if (text === "default" || text === "host") return text;
  const expression = text.replace(/^re:/, "");
  try {
    new RegExp(expression);
  } catch {
    const message = `${context.setting}=${shorten(text)} is no regular expression`;
    context.warn("invalid-expression", message, "ignored");
  }
  return `re:${text}`;
}

/** For lists of profiles: the name of a file or folder in mkosi.profiles/. */
export function profileName(text: string, context: ValueContext): string {
  if (isFilename(text)) return text;
  throw invalid(context, text, "expected the name of a profile, without a folder");
}

export type Dictionary = ValueType<Record<string, string>> & { empty: Record<string, string> };

/** `NAME=VALUE` pairs; `alone` gives the value of a name without one. */
export function dictionary(
  separator: Separator,
  alone: (name: string, context: ValueContext) => string = () => "",
): Dictionary {
  return {
    name: "dict",
    metavar: "NAME=VALUE",
    empty: {},
    collection: true,
    form: { kind: "dictionary" },
    parse: (text, old, context) => {
      const items = splitItems(text, separator, context);
      if (items === undefined) return undefined;
      return Object.assign(old ?? {}, Object.fromEntries(items.map((item) => readPair(item, alone, context))));
    },
    merge: (weaker, stronger) => ({ ...weaker, ...stronger }),
    matches: (condition, value) => {
      const equals = condition.indexOf("=");
      const name = equals < 0 ? condition : condition.slice(0, equals);
      return Object.hasOwn(value, name) && (equals < 0 || value[name] === condition.slice(equals + 1));
    },
  };
}

/** A name alone is an empty value. */
export const keyValues = dictionary("quoted");

/** A name alone takes its value from the environment. */
export const environment = dictionary("quoted", (name, context) => variable(name, context) ?? "");

/** A variable of the environment; names such as `constructor` are none unless they are set. */
export function variable(name: string, context: ValueContext): string | undefined {
  return Object.hasOwn(context.environment, name) ? context.environment[name] : undefined;
}

/** `NAME=VALUE`, without the blanks around either. Throws UserError `invalid-value`. */
export function readPair(
  item: string,
  alone: (name: string, context: ValueContext) => string,
  context: ValueContext,
): [name: string, value: string] {
  const equals = item.indexOf("=");
  const name = (equals < 0 ? item : item.slice(0, equals)).trim();
  if (name === "") throw invalid(context, item, "expected NAME=VALUE");
  // JavaScript objects cannot hold this one.
  if (name === "__proto__") throw invalid(context, item, "__proto__ cannot be a name");
  return [name, equals < 0 ? alone(name, context) : item.slice(equals + 1).trim()];
}
