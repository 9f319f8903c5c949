import { dirname } from "node:path";
import { distributions } from "../distributions/index.ts";
import type { Namespace } from "./namespace.ts";
import { Distribution } from "./settings/distribution.ts";
import { settings } from "./settings/index.ts";
import type { Setting } from "./settings/setting.ts";

export interface SpecifierContext {
  values: Namespace;
  /** The file that the text stands in; absolute. */
  file: string;
  /** Paths in that file are relative to this folder; absolute. */
  directory: string;
  warn: (code: string, message: string) => void;
}

/** The letters that stand for something else than a setting, and what that is. */
export const specifiers: Readonly<Record<string, string>> = {
  "%": "A percent sign",
  C: "Folder of the file that it stands in",
  P: "Folder that paths in the file are relative to",
  D: "Folder that Caisson was started in",
  F: "File system that the distribution uses for its root",
  I: "Name of the image",
};

/** Replaces `%d` and the like. One that has no value, or is unknown, vanishes with a warning. */
export function expandSpecifiers(text: string, context: SpecifierContext): string {
  if (!text.includes("%")) return text;
  return text.replace(/%([\s\S])/g, (_, letter: string) => {
    const setting = bySpecifier.get(letter);
    const value = setting === undefined ? others[letter]?.(context) : asText(context.values.get(setting));
    if (value === undefined) context.warn("specifier-without-value", `'%${letter}' has no value and is left out`);
    return value ?? "";
  });
}

function asText(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}

const bySpecifier = new Map<string, Setting>(
  (settings as readonly Setting[]).flatMap((row) => (row.specifier === undefined ? [] : [[row.specifier, row]])),
);

const others: Record<string, (context: SpecifierContext) => string | undefined> = {
  "%": () => "%",
  C: ({ file }) => dirname(file),
  P: ({ directory }) => directory,
  D: ({ values }) => values.surroundings.workingDirectory,
  F: ({ values }) => distributions[values.get(Distribution)].rootFilesystem,
  I: ({ values }) => values.surroundings.image,
};
