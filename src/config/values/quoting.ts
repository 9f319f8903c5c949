import { invalid, type ValueContext } from "./value-type.ts";

/** What parts the items of a collection: commas and blanks; blanks; blanks outside of quotation; line ends alone. */
export type Separator = "blank-or-comma" | "blank" | "quoted" | "line";

/** The items of an assignment, none of them empty. Undefined where the assignment resets the setting. */
export function splitItems(text: string, separator: Separator, context: ValueContext): string[] | undefined {
  const items = separator === "quoted" ? splitQuoted(text, context) : text.split(separators[separator]);
  const found = items.filter((item) => item !== "");
  const isReset =
    separator === "quoted" ? items.length === 0 : separator === "blank-or-comma" ? found.length === 0 : text === "";
  return isReset ? undefined : found;
}

const separators = { "blank-or-comma": /[\s,]/, blank: /[ \n]/, line: /\n/ };

/**
 * Words in the manner of a POSIX shell: quotes and backslashes hold blanks together. A tab is no blank.
 * Throws UserError `invalid-value`.
 */
export function splitQuoted(text: string, context: ValueContext): string[] {
  const words: string[] = [];
  const token = /[ \n]+|'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^ \n'"\\]+)|([\s\S])/g;
  let word: string | undefined;
  for (const [found, single, double, escaped, plain, stray] of text.matchAll(token)) {
    if (stray !== undefined) throw invalid(context, text, "a quotation or a backslash is not ended");
    if (/^[ \n]/.test(found)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    word = (word ?? "") + (single ?? double?.replace(/\\(["\\])/g, "$1") ?? escaped ?? plain);
  }
  return word === undefined ? words : [...words, word];
}
