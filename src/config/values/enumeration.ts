import { type List, type ListOptions, list } from "./collections.ts";
import { didYouMean } from "./near.ts";
import { scalar } from "./scalar.ts";
import { readBoolean } from "./scalars.ts";
import { invalid, type ValueContext, type ValueType } from "./value-type.ts";

interface Options<V extends string> {
  /** Where the reference has a kind of its own for it: `compression`. */
  name?: string;
  /** For messages and their codes: `format`. */
  noun: string;
  /** Every word that the reference knows. */
  values: readonly V[];
  /** Other words for values. */
  aliases?: Readonly<Record<string, V>>;
  /** What a boolean stands for. */
  yes?: V;
  no?: V;
  /** `uefi` for architectures. */
  matchesAlso?: (condition: string, value: string) => boolean | undefined;
}

/** One of several words. Throws `unknown-NOUN`. */
export function enumeration<const V extends string>(options: Options<V>): ValueType<V> & { words: readonly V[] } {
  return {
    ...scalar<V>({
      name: options.name ?? (options.yes === undefined ? "enum" : "enum_parser_with_boolean"),
      metavar: options.noun.toUpperCase(),
      form: { kind: "words", words: options.values },
      read: (text, context) => readWord(text, options, context),
      matches: (condition, value, context) =>
        options.matchesAlso?.(condition, value) ?? readWord(condition, options, context) === value,
    }),
    words: options.values,
  };
}

/** A list of such words. */
export function wordList<const V extends string>(
  options: Options<V> & Partial<Pick<ListOptions<V>, "matchable" | "separator">>,
): List<V> {
  const { noun, values, matchable, separator } = options;
  return list<V>({
    metavar: noun.toUpperCase(),
    item: { kind: "words", words: values },
    read: (text, context) => readWord(text, options, context),
    words: values,
    ...(matchable === undefined ? {} : { matchable }),
    ...(separator === undefined ? {} : { separator }),
  });
}

/** Throws UserError `unknown-NOUN`. */
export function readWord<V extends string>(text: string, options: Options<V>, context: ValueContext): V {
  const value = options.values.find((candidate) => candidate === text) ?? aliasOf(text, options);
  if (value !== undefined) return value;
  const expected = `expected ${orList(options.values)}${didYouMean(text, options.values)}`;
  throw invalid(context, text, expected, `unknown-${options.noun}`);
}

function aliasOf<V extends string>(text: string, options: Options<V>): V | undefined {
  if (options.aliases !== undefined && Object.hasOwn(options.aliases, text)) return options.aliases[text];
  const boolean = options.yes === undefined ? undefined : readBoolean(text);
  return boolean === undefined ? undefined : boolean ? options.yes : options.no;
}

export function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
