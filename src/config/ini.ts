import { configError } from "./values/value-type.ts";

/** One `Key=value` of a file. A folded value keeps its line breaks, without indentation. */
export interface Assignment {
  section: string;
  key: string;
  value: string;
  file: string;
  /** Of the key; from 1. */
  line: number;
}

/** Where a section starts, and what is in it. */
export interface IniSection {
  name: string;
  file: string;
  line: number;
  assignments: Assignment[];
}

/**
 * Reads a file of the reference's dialect: `#` starts a comment anywhere, `;` only at the start of a line that is not
 * indented; an indented line continues the value before it, blank lines and comments in between do not matter; a section
 * or a key may stand more than once. Indentation that all lines share is ignored.
 *
 * Throws UserError `invalid-syntax` that names `file` and line.
 */
export function parseIni(text: string, file: string): IniSection[] {
  const sections: IniSection[] = [];
  let current: Assignment | undefined;
  for (const [index, raw] of dedent(text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/)).entries()) {
    const line = raw.replace(/#.*/, "");
    if (line.trim() === "") continue;
    if (current !== undefined && /^\s/.test(line)) {
      current.value += `\n${line.trim()}`;
      continue;
    }
    if (line.startsWith(";")) continue;
    current = undefined;
    if (line.trim().startsWith("[")) sections.push(readSection(line.trim(), file, index + 1));
    else current = addAssignment(sections.at(-1), line, file, index + 1);
  }
  return sections;
}

function readSection(line: string, file: string, number: number): IniSection {
  const name = line.endsWith("]") ? line.slice(1, -1).trim() : "";
  if (name === "") throw syntaxError(file, number, line, "a section such as [Content]");
  return { name, file, line: number, assignments: [] };
}

function addAssignment(section: IniSection | undefined, line: string, file: string, number: number): Assignment {
  const equals = line.indexOf("=");
  const key = line.slice(0, Math.max(equals, 0)).trim();
  if (key === "") throw syntaxError(file, number, line.trim(), "a line such as Packages=systemd");
  if (section === undefined) throw syntaxError(file, number, line.trim(), "a section such as [Content] before it");
  const assignment = { section: section.name, key, value: line.slice(equals + 1).trim(), file, line: number };
  section.assignments.push(assignment);
  return assignment;
}

function syntaxError(file: string, line: number, read: string, expected: string) {
  const shown = read.length > 60 ? `${read.slice(0, 60)}…` : read;
  return configError("invalid-syntax", `${file}:${line}: read '${shown}', expected ${expected}`);
}

/** Takes away the longest run of blanks that every line starts with; lines of blanks alone do not count. */
function dedent(lines: string[]): string[] {
  let shared: string | undefined;
  for (const line of lines) {
    if (line.trim() === "") continue;
    const indent = /^[ \t]*/.exec(line)?.[0] ?? "";
    shared = shared === undefined ? indent : commonStart(shared, indent);
    if (shared === "") return lines;
  }
  return lines.map((line) => line.slice(shared?.length ?? 0));
}

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}
