import type { Place } from "../protocol.ts";
import { byCodeUnit } from "../tree/walk.ts";
import type { Blob } from "./blob.ts";
import type { Comparer, Pair } from "./comparer.ts";
import { RPM_DATABASES, readRpmDatabase } from "./rpm.ts";
import type { Tree } from "./tree.ts";

/** dpkg's database; and what images without one, such as distroless ones, have instead. */
const STATUS = "var/lib/dpkg/status";
const STATUS_FOLDER = "var/lib/dpkg/status.d/";
/** A larger one is no database of packages. */
const MOST_BYTES = 64 << 20;

/**
 * Reports the packages that two trees do not have in common. Gives back the paths that need no other words: a database
 * differs where packages do.
 */
export async function comparePackages({ a, b }: Pair<Tree>, place: Place[], comparer: Comparer): Promise<Set<string>> {
  const [left, right] = [await installed(a, comparer), await installed(b, comparer)];
  const names = [...new Set([...left.keys(), ...right.keys()])].sort(byCodeUnit);
  const differing = names.filter((name) => left.get(name) !== right.get(name));
  for (const name of differing) {
    const [from, to] = [left.get(name), right.get(name)];
    const versions = { ...(from === undefined ? {} : { a: from }), ...(to === undefined ? {} : { b: to }) };
    comparer.report(place, { kind: "package", what: name, ...versions });
  }
  return new Set(differing.length > 0 ? [STATUS, `${STATUS}-old`, ...RPM_DATABASES] : []);
}

/** Versions by `name:architecture`. */
async function installed(tree: Tree, comparer: Comparer): Promise<Map<string, string>> {
  const database = RPM_DATABASES.map((path) => tree.get(path)?.content).find((content) => content !== undefined);
  if (database) return new Map(await readRpmDatabase(database, comparer));
  const files = [...tree].filter(([path]) => path === STATUS || (path.startsWith(STATUS_FOLDER) && isStatus(path)));
  return new Map(files.flatMap(([, { content }]) => (content ? readStatus(content) : [])));
}

function isStatus(path: string): boolean {
  return !path.endsWith(".md5sums");
}

function readStatus(blob: Blob): [string, string][] {
  if (blob.size > MOST_BYTES) return [];
  return parseStatus(blob.read(0, blob.size).toString("utf8"));
}

/** Name and version of every installed package (deb822(5), dpkg(1)). */
export function parseStatus(text: string): [string, string][] {
  return text.split(/\n\n+/).flatMap((stanza): [string, string][] => {
    const field = (name: string) => new RegExp(`^${name}: *(.*)$`, "m").exec(stanza)?.[1];
    const [name, version, status] = [field("Package"), field("Version"), field("Status")];
    if (name === undefined || version === undefined) return [];
    if (status !== undefined && !status.endsWith(" installed")) return [];
    return [[`${name}:${field("Architecture") ?? "all"}`, version]];
  });
}
