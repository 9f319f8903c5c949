import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import type { Difference } from "../../sandbox/protocol.ts";
import { byteSize } from "../cli/progress/format.ts";
import type { ComparedPair } from "../verbs/diff.ts";

/** What two builds delivered. */
export interface Delivered {
  /** Files and folders that both have. */
  pairs: (ComparedPair & { name: string; size: string })[];
  /** What can be said without looking into them: names that one alone has, targets of links. */
  differences: Difference[];
}

/** Every output of two output directories. */
export async function pairOutputs(first: string, second: string): Promise<Delivered> {
  const [left, right] = [await readdir(first), await readdir(second)];
  const names = [...new Set([...left, ...right])].sort();
  const delivered: Delivered = { pairs: [], differences: [] };
  for (const name of names) {
    const [a, b] = [join(first, name), join(second, name)];
    const place: Difference["place"] = [{ kind: "file", name }];
    if (!left.includes(name)) delivered.differences.push({ place, kind: "only", what: "output", b: "there" });
    else if (!right.includes(name)) delivered.differences.push({ place, kind: "only", what: "output", a: "there" });
    else await pair(delivered, { name, a, b }, place);
  }
  return delivered;
}

async function pair(
  { pairs, differences }: Delivered,
  { name, a, b }: { name: string; a: string; b: string },
  place: Difference["place"],
): Promise<void> {
  const [left, right] = [await lstat(a), await lstat(b)];
  if (!left.isSymbolicLink() && !right.isSymbolicLink()) {
    pairs.push({ name, a, b, size: left.isFile() ? byteSize(left.size) : "folder" });
    return;
  }
  const [from, to] = [await target(a), await target(b)];
  if (from !== to) differences.push({ place, kind: "attribute", what: "target", a: from, b: to });
}

async function target(path: string): Promise<string> {
  return (await lstat(path)).isSymbolicLink() ? readlink(path) : "no link";
}
