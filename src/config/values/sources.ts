import { resolve } from "node:path";
import { readWord } from "./enumeration.ts";
import { type PathOptions, readPath, tidyPath } from "./read-path.ts";
import { scalar } from "./scalar.ts";
import type { ValueContext, ValueType } from "./value-type.ts";

/** A private key: a path that others must not have access to, or what an engine or a provider calls it. */
export const key: ValueType<string> = fileOrName("key", { secret: true });

/** A certificate: a path, or what a provider calls it. */
export const certificate: ValueType<string> = fileOrName("certificate", {});

function fileOrName(name: string, options: PathOptions): ValueType<string> {
  return scalar({
    name,
    metavar: "PATH",
    form: { kind: "text" },
    read: (text, context) => {
      if (context.files.exists(resolve(context.directory, text)))
        return readPath(text, { ...options, required: true }, context);
      return /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : tidyPath(text);
    },
  });
}

export interface Source<Type extends string> {
  type: Type;
  /** The engine or provider; empty for files. */
  source: string;
}

export const keySource = sourceType("key_source", ["file", "engine", "provider"]);
export const certificateSource = sourceType("certificate_source", ["file", "provider"]);

/** `TYPE` or `TYPE:SOURCE`; nothing means the first, files. Throws UserError `unknown-key-source` and the like. */
function sourceType<const T extends string>(
  name: string,
  types: readonly [T, ...T[]],
): ValueType<Source<T>> & { empty: Source<T> } {
  return {
    ...scalar<Source<T>>({
      name,
      metavar: "TYPE[:SOURCE]",
      form: { kind: "object", parts: { type: { kind: "words", words: types }, source: { kind: "text" } } },
      read: (text, context) => readSource(text, name, types, context),
    }),
    empty: { type: types[0], source: "" },
    show: ({ type, source }) => (source === "" ? type : `${type}:${source}`),
  };
}

function readSource<T extends string>(
  text: string,
  name: string,
  values: readonly T[],
  context: ValueContext,
): Source<T> {
  const colon = text.indexOf(":");
  const type = colon < 0 ? text : text.slice(0, colon);
  return {
    type: readWord(type, { noun: name.replace("_", "-"), values }, context),
    source: colon < 0 ? "" : text.slice(colon + 1),
  };
}
