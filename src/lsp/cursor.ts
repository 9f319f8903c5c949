import type { Position, Range } from "vscode-languageserver";
import { isSemicolonComment } from "../config/ini.ts";
import { type IniLine, iniLines, leadingBlanks, stripBlanks } from "../config/ini-lines.ts";
import { type Item, itemsOf } from "./items.ts";
import { rangeOf } from "./range.ts";

/** What stands at a position of a document. */
export type Cursor =
  /** Between brackets; the range is that of the name alone. */
  | { at: "section"; name: string; range: Range; isClosed: boolean }
  /** Where a key begins, or in it; `section` is undefined before the first one. */
  | { at: "key"; name: string; range: Range; section: string | undefined; hasValue: boolean }
  /** In a value. `item` is the one of a list; `typed` is its part before the position. Empty between two items. */
  | { at: "value"; section: string; key: string; item: string; typed: string; range: Range };

interface Open {
  section: string | undefined;
  /** The key whose value an indented line goes on with. */
  key: string | undefined;
}

/** Undefined in comments. A document that is half typed is what it is for. */
export function cursorAt(text: string, { line, character }: Position): Cursor | undefined {
  const open: Open = { section: undefined, key: undefined };
  for (const candidate of iniLines(text)) {
    if (candidate.line > line) return within(candidate, character, open);
    follow(candidate, open);
  }
  return undefined;
}

/** The state after a line, as the reader has it. */
function follow(line: IniLine, open: Open): void {
  const { text, indented } = line;
  if (text === "" || (indented && open.key !== undefined) || isSemicolonComment(line)) return;
  if (text.startsWith("[")) {
    open.section = stripBlanks(text.replace(/^\[|\]$/g, ""));
    open.key = undefined;
  } else {
    open.key = stripBlanks(text.split("=", 1)[0] ?? "");
  }
}

function within(line: IniLine, character: number, open: Open): Cursor | undefined {
  const { text, gap, comment } = line;
  const start = line.column - 1;
  if (isSemicolonComment(line) || (comment !== undefined && character >= start + text.length + gap.length + 1)) {
    return undefined;
  }
  if (open.key !== undefined && open.section !== undefined && line.indented) {
    return valueCursor(line, character, open.section, open.key);
  }
  if (text.startsWith("[")) return sectionCursor(line, character);
  const equals = text.indexOf("=");
  if (equals < 0 || character <= start + equals) return keyCursor(line, character, open.section);
  const behind = text.slice(equals + 1);
  const column = line.column + equals + 1 + leadingBlanks(behind);
  const part = { line: line.line, column, text: stripBlanks(behind) };
  return valueCursor(part, character, open.section ?? "", stripBlanks(text.slice(0, equals)));
}

function sectionCursor({ line, column, text }: IniLine, character: number): Cursor | undefined {
  const isClosed = text.endsWith("]");
  const name = text.slice(1, isClosed ? -1 : undefined);
  if (character < column || character > column + name.length) return undefined;
  return { at: "section", name: stripBlanks(name), range: rangeOf({ line, column: column + 1, text: name }), isClosed };
}

function keyCursor({ line, column, text }: IniLine, character: number, section: string | undefined): Cursor {
  const name = stripBlanks(text.split("=", 1)[0] ?? "");
  const range = rangeOf({ line, column: name === "" ? character + 1 : column, text: name });
  return { at: "key", name, range, section, hasValue: text.includes("=") };
}

function valueCursor(part: Item, character: number, section: string, key: string): Cursor {
  const items = itemsOf({ section, key }, part);
  const found = items.find(({ column, text }) => column <= character + 1 && character + 1 <= column + text.length);
  const item = found ?? { line: part.line, column: character + 1, text: "" };
  const typed = item.text.slice(0, character + 1 - item.column);
  return { at: "value", section, key, item: item.text, typed, range: rangeOf(item) };
}
