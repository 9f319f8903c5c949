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
 * Which images of a configuration a setting reaches, as in the reference: `local` the image itself; `universal` all
 * images but the tools tree; `multiversal` the tools tree too; `inherit` subimages and the default initrd, unless they
 * say otherwise; `main` the main image alone; `tools` the tools tree, under the name without `ToolsTree`; `initrd` the
 * default initrd, under the name without `Initrd`; `initrd-inherit` the default initrd, unless that says otherwise.
 */
export type Scope = "local" | "universal" | "multiversal" | "inherit" | "main" | "tools" | "initrd" | "initrd-inherit";

/** Gives the value of another setting, as it stands. */
export type Get = <V>(setting: Setting<string, V>) => V;

export interface Host {
  distribution: string | undefined;
  release: string | undefined;
  /** Absent: the one that this program runs on. */
  architecture?: string | undefined;
}

/** What computed defaults may know beside other settings. */
export interface Surroundings {
  /** `main`, `tools`, `default-initrd`, or the name of a subimage. */
  image: string;
  /** Where Caisson was started, or what -C says; absolute. */
  workingDirectory: string;
  /** Distribution and release of this machine, in the words of the reference; undefined where not known. */
  host: Host;
  /** The distribution of the tree at `root`, from its os-release(5). */
  distributionAt: (root: string) => string | undefined;
  environment: Readonly<Record<string, string | undefined>>;
  /** Whether a path of this machine exists. */
  exists: (path: string) => boolean;
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
  /** The default in words where it is computed; for help and the reference page. */
  readonly defaultText?: string;
  /** It may stand in [Match] and the like. */
  readonly matchable: boolean;
  /** An empty assignment means "none", where others fall back to the default. */
  readonly clearable: boolean;
  /** It may be set for the tools tree, in mkosi.tools.conf. */
  readonly inToolsTree: boolean;
  /** It is a key of an image in the reference's JSON. */
  readonly inJson: boolean;
  /** Files of the configuration's folder that set it when they exist: `mkosi.extra`, `mkosi.build.d/*`. */
  readonly files: readonly string[];
  /** The file's content is the value, not its path; an executable file prints it. */
  readonly fileHoldsValue: boolean;
  /** The file must not be readable by others, and the value is not shown. */
  readonly secret: boolean;
  readonly long: string;
  readonly short?: string;
  /** What the short form, which takes no value then, or a switch without a value means. */
  readonly flagValue: string | undefined;
  /** False for a switch that may stand without a value, which means `flagValue` then. */
  readonly takesValue: boolean;
  /** Not among the options of the help page. */
  readonly hidden: boolean;
  readonly metavar: string;
  readonly help: string;
  /** The letter after `%`. */
  readonly specifier?: string;
  readonly oldNames: readonly string[];
  readonly oldLongs: readonly string[];
  /** The setting whose value its assignments belong to: another notation for the same list. Its own stays empty. */
  readonly addsTo?: string;
  /** Whether a build does what the value says. A build refuses a value that it would ignore. */
  readonly isBuilt: Check<V>;
}

/** A method, so that rows stay assignable to `Setting`. */
type Check<V> = { bivariant(value: V): boolean }["bivariant"];

interface Row<Name extends string, V> {
  name: Name;
  section: Section;
  scope: Scope;
  help: string;
  long: string;
  short?: string;
  flagValue?: string;
  hidden?: boolean;
  files?: readonly string[];
  fileHoldsValue?: boolean;
  secret?: boolean;
  matchable?: boolean;
  clearable?: boolean;
  inToolsTree?: boolean;
  inJson?: boolean;
  specifier?: string;
  metavar?: string;
  defaultText?: string;
  oldNames?: readonly string[];
  oldLongs?: readonly string[];
  addsTo?: string;
  /** Absent: every value is done. `later`: a build that finds the setting set refuses it. */
  built?: "later" | ((value: NoInfer<V>) => boolean);
}

type Required<T> = { type: ValueType<T> & { empty: T } };
type Optional<T> = { type: ValueType<T> };
type Defaulted<T> = { type: ValueType<T>; default: NoInfer<T> };
type Computed<T, D extends T | undefined> = { type: ValueType<T>; default: Setting<string, D>["fallback"] };

/** Fills in a row. Without a default, the value is the type's empty one. */
export function setting<const Name extends string, T, D extends T | undefined>(
  row: Row<Name, T | D> & Computed<T, D>,
): Setting<Name, T | D>;
export function setting<const Name extends string, T>(row: Row<Name, T> & Defaulted<T>): Setting<Name, T>;
export function setting<const Name extends string, T>(row: Row<Name, T> & Required<T>): Setting<Name, T>;
export function setting<const Name extends string, T>(
  row: Row<Name, T | undefined> & Optional<T>,
): Setting<Name, T | undefined>;
export function setting(row: Row<string, unknown> & Optional<unknown> & { default?: unknown }): Setting {
  const { default: value = row.type.empty, built, ...rest } = row;
  const takesNone = row.short === undefined && (row.type.name === "boolean" || row.type.name === "feature");
  return {
    kind: row.type.name,
    metavar: row.type.metavar,
    matchable: false,
    clearable: value === undefined || row.type.collection,
    inToolsTree: false,
    inJson: true,
    files: [],
    fileHoldsValue: false,
    secret: false,
    hidden: false,
    oldNames: [],
    oldLongs: [],
    flagValue: takesNone ? "yes" : undefined,
    takesValue: !takesNone && row.flagValue === undefined,
    ...rest,
    fallback: typeof value === "function" ? (value as Setting["fallback"]) : () => value,
    isBuilt: typeof built === "function" ? built : () => built !== "later",
  };
}
