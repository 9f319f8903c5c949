import type { Position, Range } from "vscode-languageserver";

/** Text within one line of a document, as the reader counts: lines and columns from 1. */
interface Stretch {
  line: number;
  column: number;
  text: string;
}

/** The same for editors, which count from 0. Both count UTF-16 code units. */
export function rangeOf({ line, column, text }: Stretch): Range {
  const start = { line: line - 1, character: column - 1 };
  return { start, end: { line: start.line, character: start.character + text.length } };
}

/** Whether the range has the position, or ends there. */
export function contains({ start, end }: Range, position: Position): boolean {
  return !isBefore(position, start) && !isBefore(end, position);
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}
