import { isSemicolonComment } from "./ini.ts";
import { type IniLine, iniLines, stripBlanks } from "./ini-lines.ts";
import { findSetting } from "./settings/index.ts";
import { isConditionSection, sectionNames } from "./unknown.ts";

/** A section's name or a key with all that stands below it; `head` is absent for what stands before the first one. */
interface Group {
  head: IniLine | undefined;
  section: string;
  /** Folded lines, and the comments and blank lines between them. */
  body: IniLine[];
  /** Comments and blank lines up to the next group. */
  after: IniLine[];
}

const indent = " ".repeat(8);
const longest = 119;

/**
 * The canonical layout of a configuration file: one blank line before a section, `Key=value` without blanks around the
 * equals sign, folded values indented by eight spaces. A list that is folded, or is too long for its line, has one item
 * per line. Comments stay where they are, trailing blanks go.
 *
 * The layout has the same meaning as `text`, to the reference as well, and is its own layout. What is no valid syntax
 * stays as it is.
 */
export function formatIni(text: string): string {
  const lines: string[] = [];
  const add = (line: string) => {
    if (line !== "" || (lines.at(-1) ?? "") !== "") lines.push(line);
  };
  for (const group of groups(text)) {
    if (group.head?.text.startsWith("[")) separate(lines);
    for (const line of [...layout(group), ...group.after.map(layoutOther)]) add(line);
  }
  while (lines.at(-1) === "") lines.pop();
  return lines.map((line) => `${line}\n`).join("");
}

/** Adds a blank line, before the comments that stand right above the section to come. */
function separate(lines: string[]): void {
  let start = lines.length;
  while (start > 0 && /^[#;]/.test(lines[start - 1] ?? "")) start--;
  if (start > 0 && lines[start - 1] !== "") lines.splice(start, 0, "");
}

function groups(text: string): Group[] {
  const first: Group = { head: undefined, section: "", body: [], after: [] };
  const found = [first];
  let last = first;
  for (const line of iniLines(text)) {
    const belongs = line.indented && last.head !== undefined && !last.head.text.startsWith("[");
    if (belongs && (line.text !== "" || line.comment !== undefined)) {
      for (const between of last.after.splice(0)) last.body.push(between);
      last.body.push(line);
    } else if (line.text === "" || isSemicolonComment(line)) {
      last.after.push(line);
    } else {
      const section = line.text.startsWith("[") ? sectionName(line.text) : last.section;
      last = { head: line, section, body: [], after: [] };
      found.push(last);
    }
  }
  return found;
}

function sectionName(text: string): string {
  return text.endsWith("]") ? stripBlanks(text.slice(1, -1)) : "";
}

function layout({ head, section, body }: Group): string[] {
  if (head === undefined) return [];
  if (head.text.startsWith("[")) return [withComment(section === "" ? head.text : `[${section}]`, head)];
  const equals = head.text.indexOf("=");
  if (equals < 1) return [withComment(head.text, head), ...body.flatMap((line) => layoutBody(line, [line.text]))];
  const key = stripBlanks(head.text.slice(0, equals));
  const value = stripBlanks(head.text.slice(equals + 1));
  return layoutAssignment(key, { ...head, text: value }, body, isList(key, section));
}

function layoutAssignment(key: string, value: IniLine, body: readonly IniLine[], list: boolean): string[] {
  // At the start of a line it would be a comment.
  const start = key.startsWith(";") ? `${indent}${key}=` : `${key}=`;
  const splits = list && ![value, ...body].some(({ text }) => /['"\\]/.test(text));
  const items = (line: IniLine) => (splits && line.comment === undefined ? line.text.split(/ +/) : [line.text]);
  const folded = body.some(isFolded);
  const tooLong = start.length + value.text.length > longest && items(value).length > 1;
  const below = body.flatMap((line) => layoutBody(line, items(line)));
  if (list && value.text !== "" && (folded || tooLong)) return [start, ...layoutBody(value, items(value)), ...below];
  return [withComment(start + value.text, value), ...below];
}

function layoutBody(line: IniLine, items: readonly string[]): string[] {
  if (isSemicolonComment(line) && line.text !== "") return [layoutOther(line)];
  if (line.text === "") return [line.comment === undefined ? "" : indent + line.comment];
  return items.map((item) => withComment(indent + item, line));
}

function isFolded({ indented, text }: IniLine): boolean {
  return indented && text !== "";
}

/** A comment or a blank line outside of values. */
function layoutOther({ text, gap, comment }: IniLine): string {
  return text === "" ? (comment ?? "") : text + gap + (comment ?? "");
}

/** Spaces before a comment stay, so that comments one below the other do. */
function withComment(text: string, { comment, gap }: IniLine): string {
  if (comment === undefined) return text;
  return text + (/^ +$/.test(gap) ? gap : " ") + comment;
}

/** Whether a value is a list of items, which blanks or line ends part alike. */
function isList(key: string, section: string): boolean {
  if (!sectionNames.includes(section) || isConditionSection(section)) return false;
  const type = findSetting(key.replace(/^@/, ""))?.type;
  return type?.collection === true && (type.name === "list" || type.name === "dict");
}
