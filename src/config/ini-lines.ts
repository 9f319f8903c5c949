/** A line of the dialect, taken apart. */
export interface IniLine {
  /** From 1; ends at LF, CR LF or CR, as editors count. */
  line: number;
  /** Of the first character of `text`; from 1, in UTF-16 code units, after a byte order mark. */
  column: number;
  /** Deeper than the indentation that all lines share. */
  indented: boolean;
  /** Without blanks around it and without comment; empty where nothing else is on the line. */
  text: string;
  /** From `#` on, without blanks at its end. */
  comment: string | undefined;
  /** The blanks between `text` and `comment`. */
  gap: string;
}

/**
 * The lines of a file in the reference's dialect, also the blank ones. Indentation that all lines share is not there.
 * Lines end where Python's `str.splitlines` ends them, so that a line of an editor may hold several; blanks are those
 * of `str.isspace`.
 */
export function* iniLines(text: string): Generator<IniLine> {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  const margin = sharedIndent(lines);
  for (const [index, line] of lines.entries()) {
    let start = line.length < margin ? 0 : margin;
    while (start <= line.length) {
      const end = lineBreak(line, start);
      yield takeApart(line.slice(start, end), index + 1, start);
      start = end + 1;
    }
  }
}

function takeApart(raw: string, line: number, offset: number): IniLine {
  const hash = raw.indexOf("#");
  const before = hash === -1 ? raw : raw.slice(0, hash);
  const blanks = leadingBlanks(before);
  const text = stripBlanks(before);
  return {
    line,
    column: offset + blanks + 1,
    indented: raw !== "" && isBlank(raw.charCodeAt(0)),
    text,
    comment: hash === -1 ? undefined : stripBlanks(raw.slice(hash)),
    gap: hash === -1 ? "" : before.slice(blanks + text.length),
  };
}

/** Takes away blanks on both sides, those of Python's `str.strip`: `String.trim` knows other ones. */
export function stripBlanks(text: string): string {
  const start = leadingBlanks(text);
  let end = text.length;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

export function leadingBlanks(text: string): number {
  let start = 0;
  while (start < text.length && isBlank(text.charCodeAt(start))) start++;
  return start;
}

/** How many spaces and tabs every line starts with; lines of blanks alone do not count. Python's `textwrap.dedent`. */
function sharedIndent(lines: readonly string[]): number {
  let shared: string | undefined;
  for (const line of lines) {
    if (leadingBlanks(line) === line.length) continue;
    shared = shared === undefined ? line.slice(0, indentOf(line)) : shared.slice(0, commonStart(shared, line));
    if (shared === "") return 0;
  }
  return shared?.length ?? 0;
}

function indentOf(line: string): number {
  let length = 0;
  while (line[length] === " " || line[length] === "\t") length++;
  return length;
}

function commonStart(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/** Where the next line starts within a line of the editor, or its length. */
function lineBreak(line: string, from: number): number {
  let index = from;
  while (index < line.length && !isLineBreak(line.charCodeAt(index))) index++;
  return index;
}

function isLineBreak(code: number): boolean {
  if (code < 0x20) return (code >= 0x0a && code <= 0x0d) || (code >= 0x1c && code <= 0x1e);
  return code === 0x85 || code === 0x2028 || code === 0x2029;
}

function isBlank(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x1f);
  if (code < 0x1680) return code === 0x85 || code === 0xa0;
  return (code >= 0x2000 && code <= 0x200a) || blanksBeyondLatin.has(code);
}

const blanksBeyondLatin: ReadonlySet<number> = new Set([0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000]);
