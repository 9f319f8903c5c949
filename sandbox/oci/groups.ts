import type { TreeEntry } from "../tree/entries.ts";
import { sha256 } from "../tree/hash.ts";
import type { BytePath } from "../tree/walk.ts";
import type { InstalledPackage } from "./dpkg.ts";

/** The packages that are in neither the base nor the rest are spread over so many layers. */
export const BUCKETS = 16;

/** A layer to be: what is in it, for people, and its entries in the order of the tree. */
export interface Group {
  title: string;
  entries: TreeEntry[];
}

/**
 * The layer of a package, counted from 0. It follows from the package alone, so that one that comes, goes or changes
 * leaves the layers of the others as they were. Packages of one source are updated together, and lie together.
 */
export function bucketOf({ base, source }: Pick<InstalledPackage, "base" | "source">): number {
  return base ? 0 : 1 + (Number.parseInt(sha256(source).slice(0, 8), 16) % BUCKETS);
}

/**
 * Splits a tree into layers: packages in their buckets, then whatever belongs to no package, which is what each build
 * changes. Every name of a file lies in the last of its names' layers. `bucket` is undefined for what is of no package.
 *
 * A layer has the folders that lead to its files. There they carry no time, because a folder's time is the epoch, which
 * moves with every update; the last layer has all folders once more as they are, so that the whole is the tree.
 */
export function splitEntries(entries: readonly TreeEntry[], bucket: (path: BytePath) => number | undefined): Group[] {
  const folders = new Map(entries.filter(({ kind }) => kind === "directory").map((entry) => [entry.path, entry]));
  const buckets = bucketsOf(entries, bucket);
  const groups = titles().map((title, index) => {
    const own = entries.filter(({ kind, path }) => kind !== "directory" && buckets.get(path) === index);
    return { title, entries: withFolders(own, folders) };
  });
  const rest = entries.filter(({ kind, path }) => kind === "directory" || buckets.get(path) === undefined);
  return [...groups.filter((group) => group.entries.length > 0), { title: "files of no package", entries: rest }];
}

function titles(): string[] {
  const numbers = Array.from({ length: BUCKETS }, (_, index) => `packages, group ${index + 1} of ${BUCKETS}`);
  return ["base packages", ...numbers];
}

function bucketsOf(entries: readonly TreeEntry[], bucket: (path: BytePath) => number | undefined) {
  const last = new Map<BytePath, number>();
  const names = entries.filter(({ kind }) => kind !== "directory");
  for (const { path, linkTo = path } of names)
    last.set(linkTo, Math.max(last.get(linkTo) ?? 0, bucket(path) ?? Number.POSITIVE_INFINITY));
  return new Map(names.map(({ path, linkTo = path }) => [path, finite(last.get(linkTo))]));
}

function finite(value: number | undefined): number | undefined {
  return value === Number.POSITIVE_INFINITY ? undefined : value;
}

/** The entries, each behind the folders that lead to it. */
function withFolders(entries: readonly TreeEntry[], folders: ReadonlyMap<BytePath, TreeEntry>): TreeEntry[] {
  const seen = new Set<BytePath>();
  return entries.flatMap((entry) => [...newFolders(entry.path, folders, seen), entry]);
}

function newFolders(path: BytePath, folders: ReadonlyMap<BytePath, TreeEntry>, seen: Set<BytePath>): TreeEntry[] {
  const parts = path.split("/");
  const parents = parts.map((_, index) => parts.slice(0, index).join("/"));
  return parents.flatMap((parent) => {
    const folder = folders.get(parent);
    if (folder === undefined || seen.has(parent)) return [];
    seen.add(parent);
    return [{ ...folder, mtime: 0 }];
  });
}
