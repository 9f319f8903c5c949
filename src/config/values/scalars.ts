import { randomUUID } from "node:crypto";
import * as z from "zod";
import { invalid, type ValueContext, type ValueType } from "./value-type.ts";

/** A value that is one text; nothing means that it is not set. */
export function scalar<T>(options: {
  name: string;
  metavar: string;
  schema: z.ZodType<T>;
  read: (text: string, context: ValueContext) => T;
  matches?: ValueType<T>["matches"];
}): ValueType<T> {
  const { read, ...rest } = options;
  return {
    empty: undefined,
    collection: false,
    parse: (text, _old, context) => (text === "" ? undefined : read(text, context)),
    ...rest,
  };
}

export const text = scalar({
  name: "string",
  metavar: "TEXT",
  schema: z.string(),
  read: (value) => value,
  matches: (condition, value) => condition === value,
});

/** Like `text`, matched with a shell pattern. */
export const globbedText: ValueType<string> = {
  ...text,
  matches: (condition, value) => globToRegExp(condition).test(value),
};

/** One component of a path. */
export const filename = scalar({
  name: "filename",
  metavar: "NAME",
  schema: z.string(),
  read: (value, context) => {
    if (value.includes("/") || value.trim() === "." || value.trim() === "..")
      throw invalid(
        context,
        value,
        "expected a file name without a folder",
        "invalid-value",
        "OutputDirectory= says where outputs go",
      );
    return value;
  },
});

const words: Record<string, boolean> = {
  ...Object.fromEntries(["1", "true", "yes", "y", "t", "on", "always"].map((word) => [word, true])),
  ...Object.fromEntries(["0", "false", "no", "n", "f", "off", "never"].map((word) => [word, false])),
};

/** Undefined where the word is not a boolean. */
export function readBoolean(word: string): boolean | undefined {
  return Object.hasOwn(words, word.toLowerCase()) ? words[word.toLowerCase()] : undefined;
}

export const boolean: ValueType<boolean> & { empty: boolean } = {
  ...scalar({
    name: "boolean",
    metavar: "BOOL",
    schema: z.boolean(),
    read: (value, context) => {
      const read = readBoolean(value);
      if (read === undefined) throw invalid(context, value, "expected yes or no");
      return read;
    },
  }),
  empty: false,
};

export type Feature = "auto" | "enabled" | "disabled";

export const feature: ValueType<Feature> & { empty: Feature } = {
  ...scalar({
    name: "feature",
    metavar: "FEATURE",
    schema: z.enum(["auto", "enabled", "disabled"]),
    read: readFeature,
    matches: (condition, value, context) => readFeature(condition, context) === value,
  }),
  empty: "auto",
};

function readFeature(value: string, context: ValueContext): Feature {
  if (value === "auto" || value === "enabled" || value === "disabled") return value;
  const read = readBoolean(value);
  if (read === undefined) throw invalid(context, value, "expected yes, no or auto");
  return read ? "enabled" : "disabled";
}

/** A whole number; `what` is for the message. */
export function wholeNumber(name: string, what: string, minimum = 0): ValueType<number> {
  return scalar({
    name,
    metavar: "NUMBER",
    schema: z.number().int().min(minimum),
    read: (value, context) => {
      const number = /^[+-]?\d+$/.test(value) ? Number(value) : Number.NaN;
      if (!Number.isSafeInteger(number) || number < minimum)
        throw invalid(context, value, `expected ${what}, a whole number of at least ${minimum}`);
      return number;
    },
  });
}

const factors: Record<string, number> = { "": 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** A size in bytes, rounded up to pages of 4096. */
export const bytes = scalar({
  name: "bytes",
  metavar: "BYTES",
  schema: z.number().int().positive(),
  read: (value, context) => {
    const match = /^(\d+(?:\.\d+)?)([KMG]?)$/.exec(value);
    const size = match === null ? 0 : Number(match[1]) * (factors[match[2] ?? ""] ?? 0);
    if (size <= 0 || !Number.isSafeInteger(Math.ceil(size)))
      throw invalid(context, value, "expected a size such as 512M, 2G or a number of bytes");
    return Math.ceil(Math.ceil(size) / 4096) * 4096;
  },
});

const uuidPattern =
  /^(?:urn:)?(?:uuid:)?\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?$/i;

/** Lowercase with dashes. `random` makes a new one. */
export const uuid = scalar({
  name: "uuid",
  metavar: "UUID",
  schema: z.string(),
  read: (value, context) => {
    if (value === "random") return randomUUID();
    const match = uuidPattern.exec(value);
    if (match === null) throw invalid(context, value, "expected a UUID or 'random'");
    return match.slice(1).join("-").toLowerCase();
  },
});

export interface RootPassword {
  /** A crypt(5) hash where `hashed` is set. */
  value: string;
  hashed: boolean;
}

export const rootPassword = scalar<RootPassword>({
  name: "root_password",
  metavar: "PASSWORD",
  schema: z.object({ value: z.string(), hashed: z.boolean() }),
  read: (value) => {
    const password = value.trim();
    return { value: password.replace(/^hashed:/, ""), hashed: password.startsWith("hashed:") };
  },
});

/** The shell patterns `*`, `?` and `[…]` over a whole text; `*` crosses slashes, as fnmatch(3) without flags. */
export function globToRegExp(glob: string): RegExp {
  const source = glob.replace(
    /\[(!?)([^\]]+)\]|[\s\S]/g,
    (token, negated: string | undefined, set: string | undefined) => {
      if (set !== undefined) return `[${negated === "!" ? "^" : ""}${set.replace(/[\\^[]/g, "\\$&")}]`;
      if (token === "*") return "[\\s\\S]*";
      return token === "?" ? "[\\s\\S]" : token.replace(/[\\^$.|+()[\]{}/-]/, "\\$&");
    },
  );
  return new RegExp(`^${source}$`);
}
