import { dirname, join } from "node:path";
import type { Range } from "vscode-languageserver";
import { builtInFolder, builtInNames } from "../config/built-in.ts";
import { type Assignment, parseIni } from "../config/ini.ts";
import { isConditionSection } from "../config/unknown.ts";
import { findFiles } from "../config/values/glob.ts";
import { readPath } from "../config/values/read-path.ts";
import type { Files, ValueContext } from "../config/values/value-type.ts";
import { UserError } from "../errors.ts";
import { type Item, itemsOf, settingOf, takesPath } from "./items.ts";
import type { Named, ProjectFacts } from "./project.ts";
import { rangeOf } from "./range.ts";

/** A part of a document that names files. */
export interface Target {
  range: Range;
  /** Files, and folders that have no configuration of their own; absolute, and all there. */
  paths: string[];
}

/** What a document is read in. */
export interface Surroundings {
  /** Of the document; absolute. */
  file: string;
  facts: ProjectFacts;
  files: Files;
  environment: Readonly<Record<string, string | undefined>>;
}

/** Every part of `text` that names a file, a folder, a profile or an image that is there, in order. */
export function targetsIn(text: string, surroundings: Surroundings): Target[] {
  const assignments = parseIni(text, surroundings.file, () => undefined).flatMap((section) => section.assignments);
  return assignments.flatMap((assignment) =>
    assignment.parts
      .flatMap((part) => itemsOf(assignment, part))
      .map((item) => ({ item, paths: pathsOf(assignment, item, surroundings) }))
      .filter(({ paths }) => paths.length > 0)
      .map(({ item, paths }) => ({
        range: rangeOf(item),
        paths: paths.map((path) => openable(path, surroundings.files)),
      })),
  );
}

/** Who opens a folder of configuration wants its file. */
function openable(path: string, files: Files): string {
  const file = join(path, "mkosi.conf");
  return files.isDirectory(path) && files.exists(file) ? file : path;
}

function pathsOf({ section, key }: Assignment, item: Item, surroundings: Surroundings): string[] {
  const { profiles, images } = surroundings.facts;
  const setting = settingOf(key);
  const name = setting?.name ?? key;
  if (name === "Profiles") return named(profiles, item.text);
  if (name === "Dependencies" || name === "Image") return named(images, item.text);
  if (name === "Include" && builtInNames.includes(item.text)) return [builtInFolder(item.text)];
  if (key === "PathExists") return pathsAt(item.text, surroundings);
  if (setting === undefined || isConditionSection(section) || !takesPath(setting)) return [];
  return pathsAt(item.text.split(":", 1)[0] ?? "", surroundings);
}

function named(all: readonly Named[], wanted: string): string[] {
  return all.filter(({ name }) => name === wanted).map(({ path }) => path);
}

/** What a path or a pattern finds. */
function pathsAt(text: string, surroundings: Surroundings): string[] {
  const { facts, files } = surroundings;
  const path = expandFolders(text, surroundings);
  if (path === undefined || path === "") return [];
  if (/[*?[]/.test(path))
    return findFiles(path, facts.base, files).map((found) => join(found.startsWith("/") ? "" : facts.base, found));
  const found = absolute(path, surroundings);
  return found !== undefined && files.exists(found) ? [found] : [];
}

/** Replaces the specifiers that are known without reading the project. Undefined where there are others. */
function expandFolders(text: string, { file, facts }: Surroundings): string | undefined {
  const known: Record<string, string> = { "%": "%", C: dirname(file), P: facts.base, D: facts.directory };
  const letters = [...text.matchAll(/%([\s\S])/g)].map(([, letter = ""]) => letter);
  if (letters.some((letter) => known[letter] === undefined)) return undefined;
  return text.replace(/%([\s\S])/g, (_, letter: string) => known[letter] ?? "");
}

/** Symbolic links stay: the editor knows files by the path that it opened. */
function absolute(path: string, { facts, files, environment }: Surroundings): string | undefined {
  const context: ValueContext = {
    setting: "",
    place: "",
    directory: facts.base,
    environment,
    files: { ...files, resolve: (unresolved) => unresolved },
    warn: () => undefined,
  };
  try {
    return readPath(path, {}, context);
  } catch (error) {
    // Someone's home that is not known. The diagnostics say so.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
