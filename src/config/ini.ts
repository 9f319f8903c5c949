import { type IniLine, iniLines, leadingBlanks, stripBlanks } from "./ini-lines.ts";
import { type Problem, problemText, type Report } from "./problems.ts";
import { configError } from "./values/value-type.ts";

/** One `Key=value` of a file. A folded value keeps its line breaks, without indentation. */
export interface Assignment {
  section: string;
  key: string;
  value: string;
  file: string;
  /** Of the key, as are `column` and `length`; see Place. */
  line: number;
  column: number;
  length: number;
  /** The value line by line, which joined by line breaks are `value`: what stands behind `=`, then what is folded. */
  parts: ValuePart[];
}

/** A stretch of a value within one line. */
export interface ValuePart {
  line: number;
  column: number;
  text: string;
}

/** Where `[Name]` stands, and what is in it. */
export interface IniSection {
  name: string;
  file: string;
  line: number;
  column: number;
  /** With the brackets. */
  length: number;
  assignments: Assignment[];
}

/**
 * Reads a file of the reference's dialect: `#` starts a comment anywhere, `;` only at the start of a line that is not
 * indented; an indented line continues the value before it, blank lines and comments in between do not matter; a section
 * or a key may stand more than once. Indentation that all lines share is ignored.
 *
 * Problems of syntax (`invalid-syntax`) go to `report`, with their place, and reading goes on with the next line that
 * does not belong to them: what is folded under a line that cannot be read, and what is in a section that has no name,
 * is left out. Without `report` the first one is thrown as a UserError that names `file` and line.
 */
export function parseIni(text: string, file: string, report: Report = refuse): IniSection[] {
  const sections: IniSection[] = [];
  let section: IniSection | undefined;
  let current: Assignment | undefined;
  for (const line of iniLines(text)) {
    if (line.text === "") continue;
    if (current !== undefined && line.indented) current.parts.push(wholeLine(line));
    else if (isSemicolonComment(line)) continue;
    else if (line.text.startsWith("[")) {
      current = undefined;
      section = newSection(line, file);
      if (section.name === "") report(syntaxProblem(line, file, "a section such as [Content]"));
      else sections.push(section);
    } else {
      const expected = whatIsMissing(line, section);
      if (expected !== undefined) report(syntaxProblem(line, file, expected));
      section ??= newSection(line, file);
      current = newAssignment(line, section);
      if (expected === undefined) section.assignments.push(current);
    }
  }
  for (const assignment of sections.flatMap(({ assignments }) => assignments)) assignment.value = joined(assignment);
  return sections;
}

/** Whether a line without indentation is a comment to Caisson; the reference has none of this kind. */
export function isSemicolonComment({ text, indented }: IniLine): boolean {
  return !indented && text.startsWith(";");
}

/** Its name is empty where there is none to read. */
function newSection({ text, line, column }: IniLine, file: string): IniSection {
  const name = text.startsWith("[") && text.endsWith("]") ? stripBlanks(text.slice(1, -1)) : "";
  return { name, file, line, column, length: text.length, assignments: [] };
}

function whatIsMissing({ text }: IniLine, section: IniSection | undefined): string | undefined {
  if (text.indexOf("=") < 1) return "a line such as Packages=systemd";
  return section === undefined ? "a section such as [Content] before it" : undefined;
}

function newAssignment({ text, line, column }: IniLine, section: IniSection): Assignment {
  const equals = text.indexOf("=");
  const key = stripBlanks(text.slice(0, Math.max(equals, 0)));
  const behind = text.slice(equals + 1);
  const part = { line, column: column + equals + 1 + leadingBlanks(behind), text: stripBlanks(behind) };
  const { name, file } = section;
  return { section: name, key, value: part.text, file, line, column, length: key.length, parts: [part] };
}

function wholeLine({ line, column, text }: IniLine): ValuePart {
  return { line, column, text };
}

function joined({ value, parts }: Assignment): string {
  return parts.length === 1 ? value : parts.map(({ text }) => text).join("\n");
}

function syntaxProblem({ text, line, column }: IniLine, file: string, expected: string): Problem {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return {
    severity: "error",
    code: "invalid-syntax",
    message: `read '${shown}', expected ${expected}`,
    place: { file, line, column, length: text.length },
    where: `${file}:${line}`,
  };
}

function refuse(problem: Problem): never {
  throw configError(problem.code, problemText(problem));
}
