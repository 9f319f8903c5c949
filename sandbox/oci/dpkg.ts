import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type BytePath, byCodeUnit } from "../tree/walk.ts";

/** An installed package, as far as layers are concerned. */
export interface InstalledPackage {
  name: string;
  architecture: string;
  /** The source package that it was built from: its other packages get updates at the same time. */
  source: string;
  /** Every system has it. */
  base: boolean;
  /** MD5 sums of configuration files as the package has them. */
  conffiles: ReadonlyMap<BytePath, string>;
}

/** What a package says of one of its files. */
export interface PackagedFile {
  package: InstalledPackage;
  /** Of the content; absent where the package does not tell. */
  md5?: string | undefined;
}

const STATUS = "var/lib/dpkg/status";
const INFO = "var/lib/dpkg/info";

/**
 * The files of every package of dpkg's database, by the names that the packages have for them. The database is read from
 * `trees`, topmost first: an image need not have kept it. Of files that more than one package has, the first counts.
 */
export function packagedFiles(trees: readonly string[]): Map<BytePath, PackagedFile> {
  const files = new Map<BytePath, PackagedFile>();
  const status = trees.map((tree) => join(tree, STATUS)).find(isFile);
  if (status === undefined) return files;
  for (const each of parseStatus(readFileSync(status, "latin1"))) {
    const sums = new Map([...each.conffiles, ...parseSums(readInfo(trees, each, "md5sums"))]);
    for (const path of parseList(readInfo(trees, each, "list"))) {
      if (!files.has(path)) files.set(path, { package: each, md5: sums.get(path) });
    }
  }
  return files;
}

/** dpkg(1): `info/NAME.list`, or `info/NAME:ARCHITECTURE.list` of packages that can be there for several architectures. */
function readInfo(trees: readonly string[], { name, architecture }: InstalledPackage, kind: string): string {
  const names = [`${name}:${architecture}.${kind}`, `${name}.${kind}`];
  const path = trees.flatMap((tree) => names.map((each) => join(tree, INFO, each))).find(isFile);
  return path === undefined ? "" : readFileSync(path, "latin1");
}

/** Neither a link, which may lead out of the tree, nor a whiteout of overlayfs. */
function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

/** Installed packages in order of name and architecture (deb822(5), with the fields of dpkg's status file). */
export function parseStatus(text: string): InstalledPackage[] {
  const stanzas = text.split(/\n{2,}/).map(parseStanza);
  const installed = stanzas.filter((fields) => fields.get("status")?.endsWith(" installed") === true);
  return installed
    .map(packageOf)
    .sort((a, b) => byCodeUnit(`${a.name}:${a.architecture}`, `${b.name}:${b.architecture}`));
}

function parseStanza(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  let name = "";
  for (const line of text.split("\n")) {
    if (/^[ \t]/.test(line)) {
      fields.set(name, `${fields.get(name) ?? ""}\n${line.trim()}`);
      continue;
    }
    const colon = line.indexOf(":");
    name = line.slice(0, colon).toLowerCase();
    fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}

function packageOf(fields: Map<string, string>): InstalledPackage {
  const name = fields.get("package") ?? "";
  return {
    name,
    architecture: fields.get("architecture") ?? "",
    source: fields.get("source")?.replace(/\s.*$/s, "") ?? name,
    base: fields.get("essential") === "yes" || fields.get("priority") === "required",
    conffiles: parseConffiles(fields.get("conffiles") ?? ""),
  };
}

/** Lines `/PATH MD5`, with words behind for those that the package does not have any more. */
function parseConffiles(text: string): Map<BytePath, string> {
  const lines = text.split("\n").map((line) => /^\/(.+) ([0-9a-f]{32})$/.exec(line));
  return new Map(lines.flatMap((match) => (match?.[1] && match[2] ? [[match[1], match[2]] as const] : [])));
}

/** Lines `MD5  PATH`. */
function parseSums(text: string): [BytePath, string][] {
  const lines = text.split("\n").map((line) => /^([0-9a-f]{32}) {2}(.+)$/.exec(line));
  return lines.flatMap((match) => (match?.[1] && match[2] ? [[match[2], match[1]]] : []));
}

/** Lines with absolute paths; the root itself is `/.`. */
function parseList(text: string): BytePath[] {
  return text.split("\n").flatMap((line) => (line.startsWith("/") && line !== "/." ? [line.slice(1)] : []));
}
