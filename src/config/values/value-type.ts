import { ExitCode } from "../../../sandbox/exit-code.ts";
import { UserError } from "../../errors.ts";
import type { Form } from "./form.ts";

/** How one kind of value is read from text, added to what was set before, compared in [Match], and written as JSON. */
export interface ValueType<T = unknown> {
  /** `boolean`, `list` …, as in the reference; one word. */
  readonly name: string;
  /** What `--help` shows after the option's `=`. */
  readonly metavar: string;
  /** The value of a setting that was never set, or was set to nothing; undefined where there is none. */
  readonly empty: T | undefined;
  /** Values of several assignments add up. */
  readonly collection: boolean;
  /** Every word that it can be, for completion and messages; absent where there are too many. */
  readonly words?: readonly string[];
  /** What the value is in the reference's JSON, which has null for `undefined`. */
  readonly form: Form;
  /**
   * Reads the text of one assignment. `old` is the value so far, which may be added to and returned, so that a list of
   * many assignments takes no more time than its length. Undefined means that the assignment resets the setting.
   * Throws UserError with the place of the assignment; `old` is as it was then.
   */
  parse(text: string, old: T | undefined, context: ValueContext): T | undefined;
  /** Puts the items of a value in order, in place; for collections that are kept in one. */
  arrange?: Arrange<T> | undefined;
  /** The values of two sources, the second being the stronger; only for collections. */
  merge?(weaker: T, stronger: T): T;
  /** A value, or an item of a list, as people read it; absent where it is its own text. */
  show?: Show<T> | undefined;
  /** Whether a condition of [Match] holds, for settings that are `matchable`. */
  matches?: Matches<T> | undefined;
}

type ItemOf<T> = T extends readonly (infer Item)[] ? Item : T;
type Show<T> = { bivariant(item: ItemOf<T>): string }["bivariant"];

type Arrange<T> = { bivariant(value: T): T }["bivariant"];

/** A method, so that types of values stay assignable to `ValueType<unknown>`. */
type Matches<T> = { bivariant(condition: string, value: T, context: ValueContext): boolean }["bivariant"];

/** Where an assignment stands, and what its text may refer to. */
export interface ValueContext {
  /** `Format`. */
  setting: string;
  /** For messages: `mkosi.conf:3`, or `--format`. */
  place: string;
  /** Relative paths are taken from here; absolute. */
  directory: string;
  environment: Readonly<Record<string, string | undefined>>;
  files: Files;
  /**
   * For what the reference passes over without a word. A build goes on after a warning; it refuses what is `ignored`,
   * such as a glob that finds nothing; one that `missing` names may still be made by another image.
   */
  warn(code: string, message: string, severity?: "warning" | "ignored", missing?: string): void;
}

/** What the reader asks of the file system; replaced in tests. */
export interface Files {
  exists(path: string): boolean;
  isDirectory(path: string): boolean;
  /** Without symbolic links, as far as the path exists. */
  resolve(path: string): string;
  /** Permission bits. */
  mode(path: string): number;
  /** The text of a file. Throws UserError `file-unreadable`, `file-too-large`, `not-text`. */
  read(path: string): string;
  /** What an executable file prints, run in `directory`. Throws UserError `value-script-failed`. */
  run(path: string, directory: string): string;
  /** Names, sorted by code point; empty where there is no such folder. */
  list(path: string): string[];
  /** Names a file or folder, whatever its path: device and inode. */
  identity(path: string): string;
}

/** A mistake in the configuration or on the command line. */
export function configError(code: string, message: string, hint?: string): UserError {
  return new UserError(code, message, { exitCode: ExitCode.usage, ...(hint === undefined ? {} : { hint }) });
}

/** A mistake in one value: `mkosi.conf:3: Format=diks: ` and what was expected. */
export function invalid(context: ValueContext, text: string, expected: string, code = "invalid-value", hint?: string) {
  return configError(code, `${context.place}: ${context.setting}=${shorten(text)}: ${expected}`, hint);
}

/** A value in a message must not fill the screen. */
export function shorten(text: string, length = 120): string {
  const line = text.replaceAll("\n", " ");
  return line.length > length ? `${line.slice(0, length)}…` : line;
}
