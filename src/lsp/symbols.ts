import { type DocumentSymbol, type Range, SymbolKind } from "vscode-languageserver";
import { type Assignment, type IniSection, parseIni } from "../config/ini.ts";
import { rangeOf } from "./range.ts";

/** The sections of a document, and the settings in them. */
export function symbolsOf(text: string): DocumentSymbol[] {
  return parseIni(text, "", () => undefined).map(sectionSymbol);
}

function sectionSymbol(section: IniSection): DocumentSymbol {
  const children = section.assignments.map(assignmentSymbol);
  const selectionRange = rangeOf({ ...section, text: " ".repeat(section.length) });
  const range: Range = { start: selectionRange.start, end: children.at(-1)?.range.end ?? selectionRange.end };
  return { name: section.name, kind: SymbolKind.Namespace, range, selectionRange, children };
}

function assignmentSymbol({ key, value, parts, ...place }: Assignment): DocumentSymbol {
  const selectionRange = rangeOf({ ...place, text: key });
  const last = parts.at(-1);
  const end = last === undefined ? selectionRange.end : rangeOf(last).end;
  const detail = value.replaceAll(/\s+/g, " ").trim();
  return { name: key, detail, kind: SymbolKind.Property, range: { start: selectionRange.start, end }, selectionRange };
}
