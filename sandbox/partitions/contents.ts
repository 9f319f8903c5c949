import { byPath, type TreeEntry } from "../tree/entries.ts";
import { type BytePath, bytePath } from "../tree/walk.ts";
import type { Exclusion, Rules } from "./rules.ts";

export interface ContentJob {
  entries: readonly TreeEntry[];
  rules: Rules;
  /** Folders of a root filesystem that other partitions are mounted over. */
  mountPoints: readonly string[];
  /** Seconds; for folders and links that are made. */
  epoch: number;
}

/** Mounted over at run time, or emptied. What is in them is none of an image (repart.d(5), CopyFiles=). */
const VOLATILE = ["proc", "sys", "dev", "tmp", "run", "var/tmp"];

/**
 * What a partition's filesystem holds: the parts of the tree that its rules name, in the places that they name, in
 * canonical order, as systemd-repart(8) would copy them.
 */
export function filesystemEntries({ entries, rules, mountPoints, epoch }: ContentJob): TreeEntry[] {
  const tree = new Tree(entries);
  const made = new Made(epoch, rootOf(tree, rules));
  rules.copyFiles.forEach((line, index) => {
    const excluded = exclusions(line, rules, line.target === "" ? mountPoints : []);
    if (excluded) copy(tree, made, { ...line, key: String(index), excluded });
  });
  for (const path of rules.makeDirectories) made.folder(bytePath(path));
  for (const { path, target } of rules.makeSymlinks) made.symlink(bytePath(path), target);
  return made.entries();
}

/** The sources of copies that the tree does not have. */
export function missingSources(entries: readonly TreeEntry[], { copyFiles }: Rules): string[] {
  const tree = new Tree(entries);
  return copyFiles.map(({ source }) => source).filter((source) => !tree.find(bytePath(source)));
}

/** The root has the attributes of the first folder that is copied there. */
function rootOf(tree: Tree, { copyFiles }: Rules): TreeEntry | undefined {
  const sources = copyFiles.filter(({ target }) => target === "").map(({ source }) => tree.find(bytePath(source)));
  return sources.find((entry) => entry?.kind === "directory");
}

/** Undefined where the whole source is left out. */
function exclusions(
  { source, target }: Rules["copyFiles"][number],
  { excludeSources, excludeTargets }: Rules,
  mountPoints: readonly string[],
): Exclusion[] | undefined {
  if (excludeSources.some(({ path }) => isBelow(source, path))) return undefined;
  if (excludeTargets.some(({ path }) => isBelow(target, path))) return undefined;
  const volatile = VOLATILE.map((path) => ({ path, contents: true }));
  const mounted = [...mountPoints, ...(target === "" ? VOLATILE : [])];
  const targets = excludeTargets.filter(({ path }) => isBelow(path, target));
  return [
    ...volatile,
    ...excludeSources,
    ...mounted.map((path) => ({ path: joined(source, path), contents: true })),
    ...targets.map(({ path, contents }) => ({ path: joined(source, below(path, target)), contents })),
  ];
}

interface Copy {
  source: string;
  target: string;
  /** Names of one file stay one where they are copied by the same line. */
  key: string;
  excluded: readonly Exclusion[];
}

function copy(tree: Tree, made: Made, { source, target, key, excluded }: Copy): void {
  const top = tree.find(bytePath(source));
  if (!top) return;
  const place = bytePath(target);
  if (top.kind !== "directory") {
    if (!isExcluded(top.path, excluded)) made.put(place, tree.first(top), key);
    return;
  }
  const resolve = (path: string) => tree.find(bytePath(path))?.path;
  const whole = new Set(excluded.filter(({ contents }) => !contents).map(({ path }) => resolve(path)));
  const emptied = new Set(excluded.filter(({ contents }) => contents).map(({ path }) => resolve(path)));
  const skipped = new Set<BytePath>();
  for (const entry of tree.below(top.path)) {
    const parent = entry.path === top.path ? undefined : parentOf(entry.path);
    const gone = parent !== undefined && (skipped.has(parent) || emptied.has(parent) || whole.has(entry.path));
    if (gone) skipped.add(entry.path);
    else made.put(joined(place, below(entry.path, top.path)), tree.first(entry), key);
  }
}

/** Whether a file by itself, or a folder on its way, is left out. */
function isExcluded(path: string, excluded: readonly Exclusion[]): boolean {
  return excluded.some((each) => isBelow(path, each.path) && !(each.contents && each.path === path));
}

/** A tree's entries by path. */
class Tree {
  private readonly paths: Map<BytePath, TreeEntry>;
  private readonly sorted: readonly TreeEntry[];

  constructor(entries: readonly TreeEntry[]) {
    this.sorted = entries;
    this.paths = new Map(entries.map((entry) => [entry.path, entry]));
  }

  /** What a path leads to, through symbolic links, none of which leads out of the tree. */
  find(path: BytePath, links = 0): TreeEntry | undefined {
    let at: BytePath = "";
    const parts = path.split("/").filter((part) => part !== "" && part !== ".");
    for (const [index, part] of parts.entries()) {
      at = part === ".." ? parentOf(at) : joined(at, part);
      const entry = this.paths.get(at);
      if (entry?.kind !== "symlink") continue;
      const target = entry.target?.toString("latin1") ?? "";
      const rest = parts.slice(index + 1);
      const from = target.startsWith("/") ? "" : parentOf(at);
      return links < 40 ? this.find([from, target, ...rest].join("/"), links + 1) : undefined;
    }
    return this.paths.get(at);
  }

  /** A folder and all in it. */
  below(path: BytePath): TreeEntry[] {
    return this.sorted.filter((entry) => isBelow(entry.path, path));
  }

  /** The name of a file that has its content and attributes. */
  first(entry: TreeEntry): TreeEntry {
    return entry.linkTo === undefined ? entry : (this.paths.get(entry.linkTo) ?? entry);
  }
}

/** What a filesystem is going to hold. */
class Made {
  private readonly places = new Map<BytePath, { entry: TreeEntry; file: string }>();
  private readonly epoch: number;

  constructor(epoch: number, root: TreeEntry | undefined) {
    this.epoch = epoch;
    this.places.set("", { entry: { ...this.plain("directory", 0o755), ...root, path: "" }, file: "" });
  }

  /** A folder stays as it was made first; anything else is replaced. `key` tells copies of the same file apart. */
  put(path: BytePath, entry: TreeEntry, key: string): void {
    const there = this.places.get(path)?.entry.kind;
    if (there === "directory") return;
    this.folder(parentOf(path));
    const source = entry.source ?? entry.path;
    this.places.set(path, { entry: { ...entry, path, source }, file: `${key} ${source}` });
  }

  folder(path: BytePath): void {
    if (this.places.has(path)) return;
    this.folder(parentOf(path));
    this.places.set(path, { entry: { ...this.plain("directory", 0o755), path }, file: "" });
  }

  symlink(path: BytePath, target: string): void {
    this.folder(parentOf(path));
    this.places.set(path, { entry: { ...this.plain("symlink", 0o777), path, target: Buffer.from(target) }, file: "" });
  }

  entries(): TreeEntry[] {
    const firsts = new Map<string, BytePath>();
    return [...this.places.values()]
      .sort((a, b) => byPath(a.entry.path, b.entry.path))
      .map(({ entry, file }) => {
        const first = file === "" || entry.kind === "directory" ? undefined : firsts.get(file);
        if (first !== undefined) return { ...entry, size: 0, xattrs: new Map(), linkTo: first };
        firsts.set(file, entry.path);
        return entry;
      });
  }

  private plain(kind: TreeEntry["kind"], mode: number): TreeEntry {
    return { path: "", kind, mode, uid: 0, gid: 0, mtime: this.epoch, size: 0, xattrs: new Map() };
  }
}

function isBelow(path: string, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

/** A path relative to a folder that it is below. */
function below(path: string, folder: string): string {
  return folder === "" ? path : path.slice(folder.length + 1);
}

function joined(folder: string, name: string): string {
  return folder === "" || name === "" ? folder + name : `${folder}/${name}`;
}

function parentOf(path: BytePath): BytePath {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}
