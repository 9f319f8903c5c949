import { existsSync, realpathSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { InstalledPackage } from "../package-managers/package-manager.ts";

/**
 * A report for people, of which two can be compared: the packages by their sources, each source with the changelog that
 * one of its packages has in the tree. A source whose packages have none there has none here.
 */
export async function changelogReport(root: string, packages: readonly InstalledPackage[]): Promise<string> {
  const sources = new Map<string, InstalledPackage[]>();
  for (const each of packages) sources.set(each.source, [...(sources.get(each.source) ?? []), each]);
  let report = `Packages: ${packages.length}\nSize:     ${total(packages)}`;
  for (const [source, members] of sources)
    report += `\n${"-".repeat(80)}\n${await sourceReport(root, source, members)}`;
  return report;
}

async function sourceReport(root: string, source: string, members: readonly InstalledPackage[]): Promise<string> {
  const names = members.map(({ name }) => name);
  const head = `SourcePackage: ${source}\nPackages:      ${names.join(" ")}\nSize:          ${total(members)}\n`;
  const changelog = await firstChangelog(root, names);
  return changelog === undefined ? head : `${head}\nChangelog:\n${changelog.trim()}\n`;
}

function total(packages: readonly InstalledPackage[]): number {
  return packages.reduce((sum, { size }) => sum + size, 0);
}

/** Debian policy, 4.4 and 12.7: a native package's changelog has the plain name. */
const FILES = ["changelog.Debian.gz", "changelog.Debian", "changelog.gz", "changelog"];

async function firstChangelog(root: string, names: readonly string[]): Promise<string | undefined> {
  const paths = names.flatMap((name) => FILES.map((file) => join(root, "usr/share/doc", name, file)));
  const path = paths.find((each) => isInside(root, each));
  if (path === undefined) return undefined;
  const bytes = await readFile(path);
  return (path.endsWith(".gz") ? await promisify(gunzip)(bytes) : bytes).toString();
}

/** The folder of a package may be a link to another's. An absolute one would lead out of the tree. */
function isInside(root: string, path: string): boolean {
  return existsSync(path) && realpathSync(path).startsWith(realpathSync(root) + sep);
}
