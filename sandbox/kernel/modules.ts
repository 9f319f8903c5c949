/**
 * Which modules, and which of their dependencies, an image keeps or an initrd gets. Pure: texts in, paths out. A
 * module's name is everywhere its file's name without suffixes and with `-` for every `_`: the kernel treats both alike.
 */
import { byCodeUnit } from "../tree/walk.ts";
import { lastMatch, splitPatterns } from "./patterns.ts";

/** What depmod(8) wrote beside the modules; a missing file is an empty text. */
export interface ModuleTexts {
  /** modules.dep */
  dependencies: string;
  /** modules.softdep */
  soft: string;
  /** modules.weakdep */
  weak: string;
  /** modules.builtin.modinfo: fields of what is built into the kernel, each ended by a zero byte. */
  builtin: string;
}

/**
 * Paths of the modules to take, relative to /usr/lib/modules/VERSION, sorted, with everything that they depend on.
 *
 * Of the patterns that match a module the last one decides; `-` in front takes it out. A pattern with a leading `/`
 * is a path below kernel/ (or below the version's folder), one with another `/` matches the end of a path, one
 * without matches the module's name; a trailing `/` means all below. `re:` starts a regular expression on the path
 * below kernel/, and what it takes stays; `-re:` starts one that takes out. No pattern at all takes every module.
 */
export function selectModules(texts: ModuleTexts, patterns: readonly string[]): string[] {
  const dependencies = parseDependencies(texts.dependencies);
  const wanted = parseWanted(texts.soft, texts.weak);
  const builtin = builtinFields(texts.builtin, "softdep").flatMap((field) => named(words(field)));
  const files = new Map([...dependencies.keys()].map((path) => [moduleName(path), path]));
  const matches = moduleMatcher(patterns);
  const present = (names: readonly string[]) => names.flatMap((name) => files.get(name) ?? []);
  const todo = [...[...dependencies.keys()].filter(matches), ...present(builtin)];
  const taken = new Set<string>();
  for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
    if (taken.has(path)) continue;
    taken.add(path);
    todo.push(...(dependencies.get(path) ?? []));
    // Soft dependencies may name what this kernel has built in or does not have.
    todo.push(...present(wanted.get(moduleName(path)) ?? []));
  }
  return [...taken].sort(byCodeUnit);
}

/** The test for one module's path, relative to /usr/lib/modules/VERSION. */
export function moduleMatcher(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => true;
  const { globs, expressions } = splitPatterns(patterns);
  const verdict = verdictOf(globs);
  return (path) => {
    const below = path.split("/").slice(1).join("/");
    if (expressions.some((expression) => expression.test(below))) return true;
    return verdict(dashed(path.replace(/\.ko(\.(gz|xz|zst))?$/, "")), below) ?? false;
  };
}

/** As `lastMatch`, with the expressions that take out at their places among the globs. */
function verdictOf(globs: readonly string[]): (name: string, below: string) => boolean | undefined {
  const rules = globs.map((glob) => {
    if (!glob.startsWith("-re:")) return lastMatch([dashedGlob(glob)]);
    const expression = new RegExp(glob.slice(4));
    return (_: string, below: string) => (expression.test(below) ? false : undefined);
  });
  const latest = rules.reverse();
  return (name, below) => latest.find((rule) => rule(name, below) !== undefined)?.(name, below);
}

/** `fs/ext4/ext4.ko.xz` is the module `ext4`. */
export function moduleName(path: string): string {
  return dashed(path.slice(path.lastIndexOf("/") + 1).replace(/\..*$/, ""));
}

function dashed(name: string): string {
  return name.replaceAll("_", "-");
}

/** `_` inside of brackets stays: it is one of a set. */
function dashedGlob(glob: string): string {
  return glob.replace(/\[[^\]]*\]|_/g, (part) => (part === "_" ? "-" : part));
}

/** modules.dep(5): `kernel/a.ko: kernel/b.ko kernel/c.ko`. */
function parseDependencies(text: string): Map<string, string[]> {
  const lines = text.split("\n").filter((line) => line.includes(":"));
  return new Map(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), words(line.slice(colon + 1))];
    }),
  );
}

/** modprobe.d(5): `softdep NAME pre: NAME … post: NAME …`, `weakdep NAME NAME …`. */
function parseWanted(...texts: string[]): Map<string, string[]> {
  const wanted = new Map<string, string[]>();
  for (const line of texts.join("\n").split("\n")) {
    const [keyword, name, ...rest] = words(line);
    if (!name || (keyword !== "softdep" && keyword !== "weakdep")) continue;
    wanted.set(dashed(name), [...(wanted.get(dashed(name)) ?? []), ...named(rest)]);
  }
  return wanted;
}

/** The modules of a soft dependency: `pre: a b post: c`. */
function named(parts: readonly string[]): string[] {
  return parts.filter((word) => !word.endsWith(":")).map(dashed);
}

/** All values of one field in modules.builtin.modinfo, whose entries are `MODULE.FIELD=VALUE`. */
export function builtinFields(text: string, field: string): string[] {
  const entry = new RegExp(`^[^.=]+\\.${field}=(.*)$`);
  return text.split("\0").flatMap((each) => entry.exec(each)?.[1] ?? []);
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
