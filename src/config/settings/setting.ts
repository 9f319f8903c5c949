import type { ValueType } from "../values/value-type.ts";

export type Section =
  | "Include"
  | "Config"
  | "Distribution"
  | "Output"
  | "Content"
  | "Validation"
  | "Build"
  | "Runtime"
  | "X-Caisson";

/**
 * Which images of a configuration a setting reaches, as in the reference: `local` the image itself; `universal` and
 * `multiversal` all; `inherit` all, unless they say otherwise; `main` the main image alone; `initrd` the default
 * initrd, under the name without `Initrd`; `initrd-inherit` the default initrd as well.
 */
export type Scope = "local" | "universal" | "multiversal" | "inherit" | "main" | "tools" | "initrd" | "initrd-inherit";

/** Gives the value of another setting, as it stands. */
export type Get = <V>(setting: Setting<string, V>) => V;

/** What computed defaults may know beside other settings. */
export interface Surroundings {
  /** `main`, or the name of another image. */
  image: string;
  /** Distribution and release of this machine, in the words of the reference; undefined where not known. */
  host: { distribution: string | undefined; release: string | undefined; architecture: string | undefined };
  environment: Readonly<Record<string, string | undefined>>;
}

/** One row of the table. `V` is the type of the resolved value. */
export interface Setting<Name extends string = string, V = unknown> {
  readonly name: Name;
  readonly section: Section;
  /** The name of its `type`: `boolean`, `list` … */
  readonly kind: string;
  readonly type: ValueType;
  readonly scope: Scope;
  readonly fallback: (get: Get, surroundings: Surroundings) => V;
  /** An empty assignment means "none", where others fall back to the default. */
  readonly clearable: boolean;
  /** Files of the configuration's folder that set it when they exist. */
  readonly files: readonly string[];
  /** The file's content is the value, not its path. */
  readonly fileHoldsValue: boolean;
  /** The file must not be readable by others. */
  readonly secret: boolean;
  readonly long: string;
  readonly short?: string;
  /** False for a switch that may stand without a value, which means `flagValue` then. */
  readonly takesValue: boolean;
  readonly flagValue: string;
  readonly metavar: string;
  readonly help: string;
  /** The letter after `%`. */
  readonly specifier?: string;
  readonly oldNames: readonly string[];
  readonly oldLongs: readonly string[];
}

interface Row<Name extends string> {
  name: Name;
  section: Section;
  scope: Scope;
  help: string;
  long: string;
  short?: string;
  flagValue?: string;
  files?: readonly string[];
  fileHoldsValue?: boolean;
  secret?: boolean;
  clearable?: boolean;
  specifier?: string;
  oldNames?: readonly string[];
  oldLongs?: readonly string[];
}

type Required<T> = { type: ValueType<T> & { empty: T } };
type Optional<T> = { type: ValueType<T> };
type Defaulted<T> = { type: ValueType<T>; default: NoInfer<T> };
type Computed<T, D extends T | undefined> = { type: ValueType<T>; default: Setting<string, D>["fallback"] };

/** Fills in a row. Without a default, the value is the type's empty one. */
export function setting<const Name extends string, T, D extends T | undefined>(
  row: Row<Name> & Computed<T, D>,
): Setting<Name, T | D>;
export function setting<const Name extends string, T>(row: Row<Name> & Defaulted<T>): Setting<Name, T>;
export function setting<const Name extends string, T>(row: Row<Name> & Required<T>): Setting<Name, T>;
export function setting<const Name extends string, T>(row: Row<Name> & Optional<T>): Setting<Name, T | undefined>;
export function setting(row: Row<string> & Optional<unknown> & { default?: unknown }): Setting {
  const { default: value = row.type.empty, ...rest } = row;
  return {
    kind: row.type.name,
    metavar: row.type.metavar,
    takesValue: row.flagValue === undefined && row.type.name !== "boolean" && row.type.name !== "feature",
    flagValue: "yes",
    clearable: false,
    files: [],
    fileHoldsValue: false,
    secret: false,
    oldNames: [],
    oldLongs: [],
    ...rest,
    fallback: typeof value === "function" ? (value as Setting["fallback"]) : () => value,
  };
}
