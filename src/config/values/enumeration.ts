import * as z from "zod";
import { nearest } from "../../cli/suggest.ts";
import { readBoolean, scalar } from "./scalars.ts";
import { invalid, type ValueContext, type ValueType } from "./value-type.ts";

interface Options<V extends string, S extends V> {
  /** For messages and their codes: `format`. */
  noun: string;
  /** Every word that the reference knows. */
  values: readonly V[];
  /** Those that this version of Caisson does. */
  supported: readonly S[];
  /** Other words for values. */
  aliases?: Readonly<Record<string, V>>;
  /** What a boolean stands for. */
  yes?: V;
  no?: V;
  /** `uefi` for architectures. */
  matchesAlso?: (condition: string, value: string) => boolean | undefined;
}

/** One of several words. Throws `unknown-NOUN`, or `NOUN-unsupported` for one that only the reference has. */
export function enumeration<const V extends string, const S extends V>(options: Options<V, S>): ValueType<S> {
  return scalar<S>({
    name: options.yes === undefined ? "enum" : "enum_parser_with_boolean",
    metavar: options.noun.toUpperCase(),
    schema: z.enum(options.supported) as unknown as z.ZodType<S>,
    read: (text, context) => {
      const value = known(text, options, context);
      if (isSupported(value, options)) return value;
      const code = `${options.noun}-unsupported`;
      throw invalid(context, text, `this version of Caisson has ${orList(options.supported)}`, code);
    },
    matches: (condition, value, context) =>
      options.matchesAlso?.(condition, value) ?? known(condition, options, context) === value,
  });
}

function known<V extends string, S extends V>(text: string, options: Options<V, S>, context: ValueContext): V {
  const value = options.values.find((candidate) => candidate === text) ?? aliasOf(text, options);
  if (value !== undefined) return value;
  const guess = nearest(text, [...options.supported, ...options.values]);
  throw invalid(
    context,
    text,
    `expected ${orList(options.supported)}${guess === undefined ? "" : `; did you mean ${guess}?`}`,
    `unknown-${options.noun}`,
  );
}

function aliasOf<V extends string, S extends V>(text: string, options: Options<V, S>): V | undefined {
  if (options.aliases !== undefined && Object.hasOwn(options.aliases, text)) return options.aliases[text];
  const boolean = options.yes === undefined ? undefined : readBoolean(text);
  return boolean === undefined ? undefined : boolean ? options.yes : options.no;
}

function isSupported<V extends string, S extends V>(value: V, options: Options<V, S>): value is S {
  return (options.supported as readonly V[]).includes(value);
}

export function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
