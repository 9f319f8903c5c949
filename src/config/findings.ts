import { join, relative, resolve } from "node:path";
import { UserError } from "../errors.ts";
import type { Assignment, IniSection } from "./ini.ts";
import type { Place, Problem, Report, Severity } from "./problems.ts";
import type { Files, ValueContext } from "./values/value-type.ts";

/** What the images of one project have in common while they are read. */
export interface Reading {
  files: Files;
  environment: Readonly<Record<string, string | undefined>>;
  /** As written on the command line; paths in messages start with it. */
  directory: string;
  report: Report;
  /** Errors are reported, and what is wrong is passed over, where otherwise the first error is thrown. */
  lenient: boolean;
  /** Files that were read already, by path. */
  parsed: Map<string, IniSection[]>;
}

/** Who reads, for those who have something to say about what is read. */
export interface Reader {
  reading: Reading;
  /** Its problems are not for the user to mend: the files are Caisson's own. */
  quiet: boolean;
}

type Finding = Pick<Problem, "code" | "message" | "hint">;

/** Something that a build would pass over. */
export function reportIgnored({ reading, quiet }: Reader, finding: Finding, at: Place): void {
  if (!quiet) reading.report({ severity: "ignored", ...finding, place: placeOf(at), where: `${at.file}:${at.line}` });
}

/** `at` is the place in a file, or the words for a place that is in none, such as `--format`. */
export function warn(
  { reading, quiet }: Reader,
  code: string,
  message: string,
  at: Place | string = "",
  severity: Severity = "warning",
  missing?: string,
): void {
  if (quiet) return;
  const place = typeof at === "string" ? {} : { place: placeOf(at) };
  const where = typeof at === "string" ? at : `${at.file}:${at.line}`;
  reading.report({ severity, code, message, where, ...place, ...(missing === undefined ? {} : { missing }) });
}

/** Does `action`; where reading is lenient, an error becomes a problem and the result undefined. */
export function guard<T>({ reading }: Reader, at: Place | undefined, action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (!reading.lenient || !(error instanceof UserError)) throw error;
    reading.report(problemOf(error, at));
    return undefined;
  }
}

/** A problem from an error whose message begins with its place; `at` is that place where it is the same line. */
export function problemOf({ code, message, hint }: UserError, at?: Place): Problem {
  const [, file, line, rest] = /^([^\n:]+):(\d+): ([\s\S]*)$/.exec(message) ?? [];
  if (file === undefined || rest === undefined) return { severity: "error", code, message, hint, where: "" };
  const sameLine = at?.file === file && at.line === Number(line) ? at : undefined;
  const place = placeOf(sameLine ?? { file, line: Number(line), column: 1, length: 1 });
  return { severity: "error", code, message: rest, hint, place, where: `${file}:${line}` };
}

/** What a value's text may refer to. `at` is an assignment, or what stands in messages instead. */
export function valueContext(
  setting: string,
  at: Assignment | string,
  directory: string,
  reader: Reader,
): ValueContext {
  const { environment, files } = reader.reading;
  const place = typeof at === "string" ? at : `${at.file}:${at.line}`;
  const report: ValueContext["warn"] = (code, message, severity, missing) =>
    warn(reader, code, message, at, severity, missing);
  return { setting, place, directory, environment, files, warn: report };
}

export function placeOf({ file, line, column, length }: Place): Place {
  return { file, line, column, length };
}

/** A path as the user would write it. */
export function shown(path: string, { reading: { directory } }: { reading: Pick<Reading, "directory"> }): string {
  const below = relative(resolve(directory), path);
  return below.startsWith("..") ? path : join(directory, below);
}
