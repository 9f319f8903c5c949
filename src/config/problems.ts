/** A stretch of a configuration file. Lines and columns count from 1; columns and lengths are in UTF-16 code units. */
export interface Place {
  /** As shown in messages: as the user would write it. */
  file: string;
  line: number;
  column: number;
  length: number;
}

/**
 * Something that is not as it should be in a configuration: `error` stops everything; `ignored` is something that a
 * build would pass over, so that a build refuses it, while all that only read the configuration go on; a `warning` is
 * for people.
 */
export type Severity = "error" | "ignored" | "warning";

export interface Problem {
  severity: Severity;
  /** Stable, for programs: `deprecated-name`. */
  code: string;
  /** A path that does not exist, absolute: a build goes on where another image makes it. */
  missing?: string | undefined;
  /** Without the place. */
  message: string;
  hint?: string | undefined;
  /** Absent where it is on the command line or concerns no file. */
  place?: Place | undefined;
  /** The place for a message: `mkosi.conf:3`, `--format=tar`; empty where there is none. */
  where: string;
}

/** Takes what the reader finds. Throws for an error where the first one ends the reading. */
export type Report = (problem: Problem) => void;

/** One line: `mkosi.conf:3: what is wrong`. */
export function problemText({ where, message }: Problem): string {
  return where === "" ? message : `${where}: ${message}`;
}
