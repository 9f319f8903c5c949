/**
 * Which modules, and which of their dependencies, go into the initrd. Pure: texts in, paths out. Everywhere in this
 * file a module's name is its file's name without suffixes and with `-` for every `_`, for the kernel treats both alike.
 */
import { byCodeUnit } from "../tree/walk.ts";

/** What depmod(8) wrote beside the modules; a missing file is an empty text. */
export interface ModuleTexts {
  /** modules.dep */
  dependencies: string;
  /** modules.softdep */
  soft: string;
  /** modules.weakdep */
  weak: string;
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
  const files = new Map([...dependencies.keys()].map((path) => [moduleName(path), path]));
  const matches = moduleMatcher(patterns);
  const todo = [...dependencies.keys()].filter(matches);
  const taken = new Set<string>();
  for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
    if (taken.has(path)) continue;
    taken.add(path);
    todo.push(...(dependencies.get(path) ?? []));
    // Soft dependencies may name what this kernel has built in or does not have.
    for (const name of wanted.get(moduleName(path)) ?? [])
      todo.push(...([files.get(name)].filter(Boolean) as string[]));
  }
  return [...taken].sort(byCodeUnit);
}

/** The test for one module's path, relative to /usr/lib/modules/VERSION. */
export function moduleMatcher(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => true;
  const rules = patterns.filter((pattern) => !pattern.startsWith("re:")).map(rule);
  const expressions = patterns.filter((pattern) => pattern.startsWith("re:")).map((text) => new RegExp(text.slice(3)));
  return (path) => {
    const below = path.split("/").slice(1).join("/");
    if (expressions.some((expression) => expression.test(below))) return true;
    const name = dashed(path.replace(/\.ko(\.(gz|xz|zst))?$/, ""));
    return rules.findLast(({ test }) => test(name, below))?.take ?? false;
  };
}

function rule(pattern: string): { take: boolean; test: (name: string, below: string) => boolean } {
  if (pattern.startsWith("-re:")) {
    const expression = new RegExp(pattern.slice(4));
    return { take: false, test: (_, below) => expression.test(below) };
  }
  const take = !pattern.startsWith("-");
  let glob = dashedGlob(take ? pattern : pattern.slice(1));
  if (glob.endsWith("/")) glob += "*";
  const name = globExpression(glob);
  const tests = [(path: string) => name.test(path.slice(path.lastIndexOf("/") + 1))];
  if (glob.includes("/")) tests.push(matcher(`*/${glob}`));
  if (glob.startsWith("/")) tests.push(matcher(`/kernel${glob}`), matcher(glob));
  return { take, test: (path) => tests.some((test) => test(path)) };
}

function matcher(glob: string): (path: string) => boolean {
  const expression = globExpression(glob);
  return (path) => expression.test(`/${path}`);
}

/** A shell pattern (glob(7)) as mkosi uses it: `*` and `?` match a slash too. */
export function globExpression(glob: string): RegExp {
  const source = glob.replace(/\[(!?)(\]?[^\]]*)\]|[\s\S]/g, (part, not?: string, set?: string) => {
    if (set !== undefined) return `[${not ? "^" : ""}${set.replace(/[\\\]^[]/g, "\\$&")}]`;
    if (part === "*") return "[\\s\\S]*";
    return part === "?" ? "[\\s\\S]" : part.replace(/[\\^$.|+()[\]{}/-]/g, "\\$&");
  });
  return new RegExp(`^${source}$`);
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
    const names = rest.filter((word) => !word.endsWith(":")).map(dashed);
    wanted.set(dashed(name), [...(wanted.get(dashed(name)) ?? []), ...names]);
  }
  return wanted;
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
