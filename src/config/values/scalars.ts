import { globToRegExp } from "./glob.ts";
import { didYouMean } from "./near.ts";
import { scalar } from "./scalar.ts";
import { invalid, type ValueContext, type ValueType } from "./value-type.ts";

export const text = scalar({
  name: "string",
  metavar: "TEXT",
  form: { kind: "text" },
  read: (value) => value,
  matches: (condition, value) => condition === value,
});

/** Like `text`, matched with a shell pattern. */
export const globbedText: ValueType<string> = {
  ...text,
  matches: (condition, value) => globToRegExp(condition).test(value),
};

/** One component of a path; `hint` says which setting takes folders. */
export function filename(hint?: string): ValueType<string> {
  return scalar({
    name: "filename",
    metavar: "NAME",
    form: { kind: "text" },
    read: (value, context) => {
      if (isFilename(value)) return value;
      throw invalid(context, value, "expected a file name without a folder", "invalid-value", hint);
    },
  });
}

export function isFilename(value: string): boolean {
  return !value.includes("/") && value.trim() !== "." && value.trim() !== "..";
}

const booleans: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(["1", "true", "yes", "y", "t", "on", "always"].map((word) => [word, true])),
  ...Object.fromEntries(["0", "false", "no", "n", "f", "off", "never"].map((word) => [word, false])),
};

/** Undefined where the word is not a boolean. */
export function readBoolean(word: string): boolean | undefined {
  return Object.hasOwn(booleans, word.toLowerCase()) ? booleans[word.toLowerCase()] : undefined;
}

export const boolean: ValueType<boolean> & { empty: boolean } = {
  ...scalar({
    name: "boolean",
    metavar: "BOOL",
    words: ["yes", "no"],
    form: { kind: "boolean" },
    read: (value, context) => {
      const read = readBoolean(value);
      if (read === undefined)
        throw invalid(context, value, `expected yes or no${didYouMean(value, Object.keys(booleans))}`);
      return read;
    },
  }),
  empty: false,
};

const features = ["auto", "enabled", "disabled"] as const;
export type Feature = (typeof features)[number];

export const feature: ValueType<Feature> & { empty: Feature } = {
  ...scalar({
    name: "feature",
    metavar: "FEATURE",
    words: ["auto", "yes", "no"],
    form: { kind: "words", words: features },
    read: readFeature,
    matches: (condition, value, context) => readFeature(condition, context) === value,
  }),
  empty: "auto",
};

function readFeature(value: string, context: ValueContext): Feature {
  const word = features.find((candidate) => candidate === value);
  if (word !== undefined) return word;
  const read = readBoolean(value);
  if (read === undefined)
    throw invalid(
      context,
      value,
      `expected yes, no or auto${didYouMean(value, [...features, ...Object.keys(booleans)])}`,
    );
  return read ? "enabled" : "disabled";
}

const uuidDigits = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/i;

/** Lowercase with dashes. `random` makes a new one. */
export const uuid = scalar({
  name: "uuid",
  metavar: "UUID",
  form: { kind: "text" },
  read: (value, context) => {
    if (value === "random") return globalThis.crypto.randomUUID();
    const digits = value.replaceAll(/urn:|uuid:/g, "").replaceAll(/^[{}]+|[{}]+$|-/g, "");
    const match = uuidDigits.exec(digits);
    if (match === null) throw invalid(context, value, "expected a UUID or 'random'");
    return match.slice(1).join("-").toLowerCase();
  },
});

export interface RootPassword {
  /** A crypt(5) hash where `hashed` is set. */
  value: string;
  hashed: boolean;
}

/** JSON: the pair of value and `hashed`. */
export const rootPassword = scalar<RootPassword>({
  name: "root_password",
  metavar: "PASSWORD",
  form: { kind: "tuple", parts: { value: { kind: "text" }, hashed: { kind: "boolean" } } },
  show: () => "(set)",
  read: (value) => {
    const password = value.trim();
    return { value: password.replace(/^hashed:/, ""), hashed: password.startsWith("hashed:") };
  },
});

export { bytes, octalMode, sectorSize, sourceDateEpoch, wholeNumber } from "./numbers.ts";
export { minimumVersion } from "./version.ts";
