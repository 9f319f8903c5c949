import { type Reading, valueContext } from "../config/findings.ts";
import type { Assignment } from "../config/ini.ts";
import { type Loader, newLoader } from "../config/loader.ts";
import { readCondition } from "../config/match.ts";
import { Namespace } from "../config/namespace.ts";
import type { ResolvedImage } from "../config/resolved.ts";
import { type Config, findSetting, settings } from "../config/settings/index.ts";
import type { Setting, Surroundings } from "../config/settings/setting.ts";
import { expandSpecifiers } from "../config/specifiers.ts";
import { UserError } from "../errors.ts";
import type { ConfigFile } from "./files.ts";

/** What all checks of one project share. */
export interface Scratch {
  reading: Reading;
  surroundings: Omit<Surroundings, "image">;
  /** As far as the configuration could be resolved. */
  images: readonly ResolvedImage[];
}

/**
 * A loader whose values are those that the file would find if its conditions held: what its image has, and over it
 * what the conditions ask for. What is assigned to it goes nowhere.
 */
export function scratchLoader(file: ConfigFile, { reading, surroundings, images }: Scratch): Loader {
  const loader = newLoader(reading, new Namespace({ ...surroundings, image: file.image }));
  const image = images.find(({ image: name }) => name === file.image) ?? images.at(-1);
  for (const row of settings as readonly Setting[]) {
    const value = image?.config[row.name as keyof Config];
    if (!row.type.collection && value !== undefined) loader.values.put("default", row, value, []);
  }
  for (const { assignment, directory } of conditionsOf(file)) {
    const row = findSetting(assignment.key);
    const value = row === undefined ? undefined : plainValue(assignment, row, directory, loader);
    if (row !== undefined && value !== undefined) loader.values.put("default", row, value, []);
  }
  return loader;
}

/** The conditions of [Match] that have to hold for the file to be read, those of enclosing files first. */
export function conditionsOf(file: ConfigFile): { assignment: Assignment; directory: string }[] {
  return [...file.enclosing, file].flatMap(({ sections, directory }) =>
    sections
      .filter(({ name }) => name === "Match")
      .flatMap(({ assignments }) => assignments.map((assignment) => ({ assignment, directory }))),
  );
}

/** The value that a setting has where a condition holds; undefined where that is more than one, or none. */
export function plainValue(assignment: Assignment, row: Setting, directory: string, loader: Loader): unknown {
  const { not, text } = readCondition(assignment.value);
  if (not || text === "") return undefined;
  return readValue(text, assignment, row, directory, loader);
}

/** Undefined for what is no value of the setting, such as a comparison; others complain about it. */
export function readValue(text: string, at: Assignment, row: Setting, directory: string, loader: Loader): unknown {
  const kinds = ["enum", "enum_parser_with_boolean", "compression", "feature", "boolean", "string"];
  if (!kinds.includes(row.type.name) || /[%*?[<>=]/.test(text)) return undefined;
  try {
    return row.type.parse(text, undefined, valueContext(row.name, at, directory, loader));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return undefined;
  }
}

/** The value of an assignment with specifiers filled in, without a word about those that stand for nothing. */
export function expanded(assignment: Assignment, file: ConfigFile, loader: Loader): string {
  const { path, directory } = file;
  return expandSpecifiers(assignment.value, { values: loader.values, file: path, directory, warn: () => undefined });
}
