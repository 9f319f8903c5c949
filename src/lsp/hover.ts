import { type Hover, MarkupKind, type Position, type Range } from "vscode-languageserver";
import { topicHelp } from "../cli/help-topic.ts";
import { settingFacts } from "../cli/setting-facts.ts";
import type { Setting } from "../config/settings/setting.ts";
import { isConditionSection } from "../config/unknown.ts";
import { type Cursor, cursorAt } from "./cursor.ts";
import { settingOf } from "./items.ts";
import { conditionHelp, sectionHelp } from "./sections.ts";
import { specifierHelp } from "./specifiers.ts";

/** What is known of the section, setting or specifier at the position. `kind` is the markup that the editor shows. */
export function hoverAt(text: string, position: Position, kind: MarkupKind): Hover | undefined {
  const cursor = cursorAt(text, position);
  if (cursor === undefined) return undefined;
  if (cursor.at === "section") {
    return hover(titled(`[${cursor.name}]`, sectionHelp(cursor.name), kind), cursor.range, kind);
  }
  if (cursor.at === "key") return hover(keyHelp(cursor.section, cursor.name, kind), cursor.range, kind);
  return specifierHover(cursor, position, kind) ?? hover(keyHelp(cursor.section, cursor.key, kind), cursor.range, kind);
}

function hover(value: string | undefined, range: Range, kind: MarkupKind): Hover | undefined {
  return value === undefined ? undefined : { contents: { kind, value }, range };
}

function titled(title: string, help: string | undefined, kind: MarkupKind): string | undefined {
  if (help === undefined) return undefined;
  return kind === MarkupKind.Markdown ? `**${title}**\n\n${escapeMarks(help)}` : `${title}\n\n${help}`;
}

function keyHelp(section: string | undefined, key: string, kind: MarkupKind): string | undefined {
  if (section !== undefined && isConditionSection(section) && Object.hasOwn(conditionHelp, key)) {
    return titled(`${key}=`, conditionHelp[key], kind);
  }
  const setting = settingOf(key);
  return setting === undefined ? undefined : settingText(setting, kind);
}

/** The same as `caisson help SETTING` prints. */
export function settingText(setting: Setting, kind: MarkupKind): string {
  if (kind === MarkupKind.PlainText) return topicHelp({ setting });
  const facts = settingFacts(setting).map(({ label, text }) => `- ${label}: ${escapeMarks(text)}`);
  return [`**${setting.name}=**`, "", escapeMarks(setting.help), "", ...facts].join("\n");
}

/** Keeps Markdown from reading marks into a text that has none. */
function escapeMarks(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>#|~]/g, "\\$&");
}

function specifierHover(
  { item, range }: Extract<Cursor, { at: "value" }>,
  position: Position,
  kind: MarkupKind,
): Hover | undefined {
  for (const { 0: found, 1: letter = "", index } of item.matchAll(/%([\s\S])/g)) {
    const start = range.start.character + index;
    if (position.character < start || position.character > start + found.length) continue;
    const own = {
      start: { ...range.start, character: start },
      end: { ...range.start, character: start + found.length },
    };
    return hover(titled(found, specifierHelp.get(letter), kind), own, kind);
  }
  return undefined;
}
