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
  /** The folder that Caisson works in; absolute. */
  workingDirectory: string;
  warn: (message: string) => void;
}

/** Replaces `%d` and the like; `%%` is a percent sign. One that has no value, or is unknown, vanishes with a warning. */
export function expandSpecifiers(text: string, context: SpecifierContext): string {
  return text.replace(/%([\s\S])/g, (_, letter: string) => {
    if (letter === "%") return "%";
    const value = expand(letter, context);
    if (value === undefined) context.warn(`'%${letter}' in '${text}' has no value and is left out`);
    return value ?? "";
  });
}

function expand(letter: string, context: SpecifierContext): string | undefined {
  const setting = bySpecifier.get(letter);
  if (setting !== undefined) return asText(context.values.get(setting));
  return others[letter]?.(context);
}

function asText(value: unknown): string | undefined {
  return value === undefined ? undefined : String(value);
}

const bySpecifier = new Map<string, Setting>(
  (settings as readonly Setting[]).flatMap((row) => (row.specifier === undefined ? [] : [[row.specifier, row]])),
);

const others: Record<string, (context: SpecifierContext) => string | undefined> = {
  C: ({ file }) => dirname(file),
  P: ({ directory }) => directory,
  D: ({ workingDirectory }) => workingDirectory,
  F: ({ values }) => {
    const name = values.get(Distribution);
    return name === undefined ? undefined : distributions[name].rootFilesystem;
  },
  I: ({ values }) => values.surroundings.image,
};
