import { join, resolve } from "node:path";
import { settingWords } from "../cli/setting-facts.ts";
import { builtInNames } from "../config/built-in.ts";
import { isConditionSection } from "../config/unknown.ts";
import { architectures } from "../distributions/architectures.ts";
import type { Cursor } from "./cursor.ts";
import { settingOf, takesPath } from "./items.ts";
import type { Named, ProjectFacts } from "./project.ts";
import type { Surroundings } from "./targets.ts";

type ValueCursor = Extract<Cursor, { at: "value" }>;

/** Words that the value, or an item of it, can be; none where there are too many. */
export function wordsFor({ section, key }: ValueCursor, { profiles, images }: ProjectFacts): readonly string[] {
  const inCondition = isConditionSection(section);
  if (inCondition && key === "Image") return ["main", "tools", "default-initrd", ...names(images)];
  if (inCondition && key === "HostArchitecture") return architectures.map(({ name }) => name);
  const setting = settingOf(key);
  if (setting === undefined) return [];
  if (setting.name === "Include") return builtInNames;
  if (setting.name === "Profiles") return names(profiles);
  if (setting.name === "Dependencies") return names(images);
  return settingWords(setting);
}

function names(all: readonly Named[]): string[] {
  return [...new Set(all.map(({ name }) => name))];
}

export interface PathCandidate {
  /** As it is written in the value. */
  text: string;
  isFolder: boolean;
}

/** What is in the folder of which `typed` is the beginning. Hidden files only after a dot. */
export function pathsFor({ section, key, typed }: ValueCursor, { facts, files }: Surroundings): PathCandidate[] {
  const setting = settingOf(key);
  const isPath = isConditionSection(section) ? key === "PathExists" : setting !== undefined && takesPath(setting);
  // What is behind a colon is a path in the image.
  if (!isPath || /[:%$~*?]/.test(typed)) return [];
  const folder = typed.slice(0, typed.lastIndexOf("/") + 1);
  const begin = typed.slice(folder.length);
  const directory = resolve(facts.base, folder === "" ? "." : folder);
  return files
    .list(directory)
    .filter((name) => name.startsWith(begin) && (begin.startsWith(".") || !name.startsWith(".")))
    .map((name) => ({ text: folder + name, isFolder: files.isDirectory(join(directory, name)) }));
}
