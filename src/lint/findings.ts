import { placeOf } from "../config/findings.ts";
import type { Assignment, ValuePart } from "../config/ini.ts";
import type { Place, Problem } from "../config/problems.ts";
import { type RuleCode, ruleOf } from "./rules.ts";

/** A problem of one of the linter's own rules, at a place of a file. */
export function finding(code: RuleCode, message: string, at: Place, hint?: string): Problem {
  const where = `${at.file}:${at.line}`;
  return { severity: ruleOf(code).severity, code, message, hint, place: placeOf(at), where };
}

/** A problem with a file as a whole, or with something outside of all files, such as an option. */
export function findingAbout(code: RuleCode, message: string, where: string, hint?: string): Problem {
  return { severity: ruleOf(code).severity, code, message, hint, where };
}

/** Each word of a value, with its place. */
export function words({ parts, file }: Pick<Assignment, "parts" | "file">): (Place & { text: string })[] {
  return parts.flatMap((part) =>
    [...part.text.matchAll(/[^\s,]+/g)].map(({ 0: text, index }) => ({ text, ...within(part, file, index, text) })),
  );
}

function within({ line, column }: ValuePart, file: string, offset: number, text: string): Place {
  return { file, line, column: column + offset, length: text.length };
}

/**
 * The same problem at the part of the value that it speaks of, where its place is that of the key: a message has that
 * text behind the setting's name, or in quotes; a specifier may stand anywhere in the value.
 */
export function atValue(problem: Problem, assignments: ReadonlyMap<string, Assignment>): Problem {
  const { place, message } = problem;
  if (place === undefined) return problem;
  const assignment = assignments.get(startOf(place));
  const text = /^\S+?=(.+?): /.exec(message)?.[1] ?? /names '([^']+)'/.exec(message)?.[1];
  const specifier = /^'(%.)' has no value/.exec(message)?.[1];
  const sought = specifier ?? text;
  if (assignment === undefined || sought === undefined) return problem;
  for (const part of assignment.parts) {
    const offset = specifier === undefined ? indexOfWord(part.text, sought) : part.text.indexOf(specifier);
    if (offset >= 0) return { ...problem, place: within(part, place.file, offset, sought) };
  }
  return problem;
}

/** Assignments by where they begin, for `atValue`. */
export function byStart(assignments: readonly Assignment[]): Map<string, Assignment> {
  return new Map(assignments.map((assignment) => [startOf(assignment), assignment]));
}

function startOf({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

function indexOfWord(text: string, word: string): number {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const [before, after] = [text[at - 1] ?? " ", text[at + word.length] ?? " "];
    if (/[\s,|!]/.test(before) && /[\s,]/.test(after)) return at;
  }
  return -1;
}

/** By file, line and column; what has no place comes first. */
export function byPlace(a: Problem, b: Problem): number {
  if (a.place === undefined || b.place === undefined) {
    return Number(a.place !== undefined) - Number(b.place !== undefined);
  }
  const files = a.place.file < b.place.file ? -1 : Number(a.place.file > b.place.file);
  return files || a.place.line - b.place.line || a.place.column - b.place.column;
}
