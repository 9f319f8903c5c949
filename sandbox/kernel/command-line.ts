import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** A partition as systemd-repart reports it. */
export interface Partition {
  /** `root-x86-64`, `esp`, or a UUID. */
  type: string;
  uuid: string;
  /** Bytes from the start of the disk. */
  offset?: number | undefined;
  /** Of a verity data partition; `TBD` while it is deferred. */
  roothash?: string | undefined;
}

/** Words that stand for the partition of a type; the partition's id completes them. */
const PLACEHOLDERS = { "root=PARTUUID": "root", "mount.usr=PARTUUID": "usr" } as const;

/** Whether the command line is unknown until the partitions have their ids. */
export function waitsForPartitions(words: readonly string[]): boolean {
  return words.some((word) => word in PLACEHOLDERS);
}

/**
 * The kernel's command line: that of the tree, the verity hash, KernelCommandLine=. With a verity hash the
 * placeholders stay as they are: the hash says which partition is meant.
 */
export function commandLine(tree: string, words: readonly string[], partitions: readonly Partition[]): string[] {
  const hash = verityWord(partitions);
  const own = tree.trim() === "" ? [] : [tree.trim()];
  if (hash) return [...own, hash, ...words];
  return [...own, ...words.map((word) => completed(word, partitions))];
}

function completed(word: string, partitions: readonly Partition[]): string {
  const type = PLACEHOLDERS[word as keyof typeof PLACEHOLDERS];
  const uuid = type && partitions.find((partition) => partition.type.startsWith(type))?.uuid;
  return uuid ? `${word}=${uuid}` : word;
}

/** `roothash=…` or `usrhash=…` of the first verity partition; undefined where there is none (systemd-veritysetup-generator(8)). */
export function verityWord(partitions: readonly Partition[]): string | undefined {
  for (const name of ["root", "usr"]) {
    const found = partitions.find(
      ({ type, roothash }) => type.startsWith(name) && roothash !== undefined && roothash !== "TBD",
    );
    if (found) return `${name}hash=${found.roothash}`;
  }
  return undefined;
}

/** What names the root, or /usr, to a kernel: by its verity hash, or by its partition's id; undefined where there is neither. */
export function rootWord(partitions: readonly Partition[]): string | undefined {
  const id = (type: string) => partitions.find((partition) => partition.type.startsWith(type))?.uuid;
  const [root, usr] = [id("root"), id("usr")];
  if (root) return verityWord(partitions) ?? `root=PARTUUID=${root}`;
  return verityWord(partitions) ?? (usr ? `mount.usr=PARTUUID=${usr}` : undefined);
}

/** The command line that the tree brings along, of the two places where kernel-install(8) looks; else an empty text. */
export async function treeCommandLine(root: string): Promise<string> {
  for (const path of ["etc/kernel/cmdline", "usr/lib/kernel/cmdline"]) {
    const file = join(root, path);
    if (existsSync(file)) return readFile(file, "utf8");
  }
  return "";
}
