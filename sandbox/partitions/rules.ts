import { allValues, allWords, type Definition, lastValue } from "./definitions.ts";

/** What a definition says of its filesystem. Paths are relative to the root of the tree or of the filesystem: no slash before or behind. */
export interface Rules {
  copyFiles: { source: string; target: string }[];
  /** `contents` leaves the folder itself. */
  excludeSources: Exclusion[];
  excludeTargets: Exclusion[];
  makeDirectories: string[];
  makeSymlinks: { path: string; target: string }[];
  subvolumes: { path: string; readOnly: boolean }[];
  defaultSubvolume: string | undefined;
}

export interface Exclusion {
  path: string;
  contents: boolean;
}

/** The settings that describe what is in a filesystem, rather than the partition around it. */
export const FILESYSTEM_SETTINGS = new Set([
  ...["Format", "CopyFiles", "ExcludeFiles", "ExcludeFilesTarget", "MakeDirectories", "MakeSymlinks"],
  ...["Subvolumes", "DefaultSubvolume", "Minimize", "Compression", "CompressionLevel"],
]);

/** Settings whose effect on a filesystem only systemd-repart knows. */
const OTHERS = ["SupplementFor", "AddValidateFS", "CopyBlocks"];

/** Reads the rules; undefined where they say something that this program does not know how to do. */
export function rulesOf(definition: Definition, expand: (text: string) => string | undefined): Rules | undefined {
  if (OTHERS.some((key) => lastValue(definition, key) !== undefined)) return undefined;
  const copies = allValues(definition, "CopyFiles").map((value) => expandAll(value.split(":"), expand));
  const words = (key: string) => expandAll(allWords(definition, key), expand);
  const [sources, targets] = [words("ExcludeFiles"), words("ExcludeFilesTarget")];
  const [directories, links, subvolumes] = [words("MakeDirectories"), words("MakeSymlinks"), words("Subvolumes")];
  const defaultSubvolume = lastValue(definition, "DefaultSubvolume");
  const lines = copies.flatMap((parts) => (parts && isCopy(parts) ? [parts] : []));
  if (lines.length < copies.length || !sources || !targets || !directories || !links || !subvolumes) return undefined;
  const [volumes, symlinks] = [subvolumes.map(subvolume), links.map(symlink)];
  if (volumes.includes(undefined) || symlinks.includes(undefined)) return undefined;
  return {
    copyFiles: lines.map(([source = "", target = source]) => ({ source: relative(source), target: relative(target) })),
    excludeSources: sources.map(exclusion),
    excludeTargets: targets.map(exclusion),
    makeDirectories: directories.map(relative),
    makeSymlinks: symlinks.filter((each) => each !== undefined),
    subvolumes: volumes.filter((each) => each !== undefined),
    defaultSubvolume: defaultSubvolume && relative(defaultSubvolume),
  };
}

function expandAll(texts: string[], expand: (text: string) => string | undefined): string[] | undefined {
  const expanded = texts.map(expand).filter((text) => text !== undefined);
  // Quoting and escapes are left to systemd-repart, too.
  const plain = expanded.every((text) => !/["'\\]/.test(text));
  return plain && expanded.length === texts.length ? expanded : undefined;
}

/** `SOURCE[:TARGET]`, without options. */
function isCopy(parts: string[]): boolean {
  return parts.length <= 2 && parts.every((part) => part.startsWith("/") && !part.split("/").includes(".."));
}

function subvolume(word: string): Rules["subvolumes"][number] | undefined {
  const [path = "", ...flags] = word.split(/[:,]/);
  return flags.every((flag) => flag === "ro") ? { path: relative(path), readOnly: flags.length > 0 } : undefined;
}

function symlink(word: string): Rules["makeSymlinks"][number] | undefined {
  const at = word.indexOf(":");
  return at > 0 ? { path: relative(word.slice(0, at)), target: word.slice(at + 1) } : undefined;
}

function exclusion(path: string): Exclusion {
  return { path: relative(path), contents: path.endsWith("/") };
}

function relative(path: string): string {
  return path
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}
