import { type CompletionItem, CompletionItemKind, type Position, type Range, TextEdit } from "vscode-languageserver";
import { settings } from "../config/settings/index.ts";
import type { Setting } from "../config/settings/setting.ts";
import { isConditionSection, sectionNames } from "../config/unknown.ts";
import { type Cursor, cursorAt } from "./cursor.ts";
import { conditionHelp, sectionHelp } from "./sections.ts";
import { specifierHelp } from "./specifiers.ts";
import type { Surroundings } from "./targets.ts";
import { pathsFor, wordsFor } from "./values.ts";

const rows = settings as readonly Setting[];

/** What may be written at the position, likely things first. */
export function completionAt(text: string, position: Position, surroundings: Surroundings): CompletionItem[] {
  const cursor = cursorAt(text, position);
  if (cursor === undefined) return [];
  if (cursor.at === "section") return sections(cursor.range, (name) => (cursor.isClosed ? name : `${name}]`));
  if (cursor.at === "value") return values(cursor, surroundings, position);
  return cursor.section === undefined ? sections(cursor.range, (name) => `[${name}]`) : keys(cursor);
}

function sections(range: Range, textOf: (name: string) => string): CompletionItem[] {
  return sectionNames.map((name, index) => ({
    ...entry(name, CompletionItemKind.Module, textOf(name), range),
    filterText: textOf(name),
    sortText: order(index),
    documentation: sectionHelp(name) ?? "",
  }));
}

function keys(cursor: Extract<Cursor, { at: "key" }>): CompletionItem[] {
  const { section = "", range, hasValue } = cursor;
  const textOf = (name: string) => (hasValue ? name : `${name}=`);
  if (isConditionSection(section)) {
    const matchable = rows.filter((row) => row.matchable).map(({ name, help }): [string, string] => [name, help]);
    return [...matchable, ...Object.entries(conditionHelp)].map(([name, help]) => ({
      ...entry(name, CompletionItemKind.Property, textOf(name), range),
      documentation: help,
    }));
  }
  return rows.map((row) => ({
    ...entry(row.name, CompletionItemKind.Property, textOf(row.name), range),
    detail: `[${row.section}]`,
    documentation: row.help,
    sortText: `${row.section === section ? 0 : 1}${row.name}`,
  }));
}

function values(
  cursor: Extract<Cursor, { at: "value" }>,
  surroundings: Surroundings,
  position: Position,
): CompletionItem[] {
  const { range, typed } = cursor;
  // A percent sign after another one stands for itself.
  const percent = /(?:^|[^%])(?:%%)*%(.?)$/.exec(typed);
  if (percent !== null && !specifierHelp.has(percent[1] ?? "")) return specifiers(position);
  const words = wordsFor(cursor, surroundings.facts).map((word, index) => ({
    ...entry(word, CompletionItemKind.Value, word, range),
    sortText: order(index),
  }));
  const paths = pathsFor(cursor, surroundings).map(({ text, isFolder }) => ({
    ...entry(text, isFolder ? CompletionItemKind.Folder : CompletionItemKind.File, text, range),
    sortText: `p${text}`,
  }));
  return [...words, ...paths];
}

/** The position is behind the percent sign. */
function specifiers(position: Position): CompletionItem[] {
  const range = { start: { ...position, character: position.character - 1 }, end: position };
  return [...specifierHelp].map(([letter, help]) => ({
    ...entry(`%${letter}`, CompletionItemKind.Constant, `%${letter}`, range),
    documentation: help,
  }));
}

function entry(label: string, kind: CompletionItemKind, text: string, range: Range): CompletionItem {
  return { label, kind, textEdit: TextEdit.replace(range, text) };
}

/** Editors sort by text. */
function order(index: number): string {
  return String(index).padStart(4, "0");
}
