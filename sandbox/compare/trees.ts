import { setImmediate } from "node:timers/promises";
import type { Place } from "../protocol.ts";
import { byCodeUnit } from "../tree/walk.ts";
import type { Comparer, Pair } from "./comparer.ts";
import { compareLayouts, isLayout } from "./layout.ts";
import { comparePackages } from "./packages.ts";
import { type Node, shownName, type Tree } from "./tree.ts";

/** Reports how two trees differ: what only one of them has, attributes, content; of archives, the order of what both have. */
export async function compareTrees(
  pair: Pair<Tree>,
  place: Place[],
  comparer: Comparer,
  { ordered = false } = {},
): Promise<void> {
  if (isLayout(pair.a) && isLayout(pair.b)) return compareLayouts(pair, place, comparer);
  const before = comparer.count;
  const explained = await comparePackages(pair, place, comparer);
  const paths = [...new Set([...pair.a.keys(), ...pair.b.keys()])].sort(byCodeUnit);
  for (const [index, path] of paths.entries()) {
    const [a, b] = [pair.a.get(path), pair.b.get(path)];
    if (explained.has(path)) continue;
    const here: Place[] = [...place, { kind: "file", name: `/${shownName(path)}` }];
    if (a && b) await compareNodes({ a, b }, here, comparer);
    else compareExistence(a, b, here, pair, parentOf(path), comparer);
    // Others get their turn, the wish to stop among them.
    if (index % 256 === 0) await setImmediate();
  }
  if (ordered) compareOrder(pair, place, comparer);
  if (comparer.count === before) compareDerived(pair, place, comparer);
}

/** What lies in a folder that one tree lacks is not told one by one. */
function compareExistence(
  a: Node | undefined,
  b: Node | undefined,
  place: Place[],
  pair: Pair<Tree>,
  parent: string | undefined,
  comparer: Comparer,
): void {
  const other = a ? pair.b : pair.a;
  const owner = a ? pair.a : pair.b;
  if (parent !== undefined && owner.has(parent) && !other.has(parent)) return;
  const what = (a ?? b)?.kind ?? "file";
  comparer.report(place, { kind: "only", what, ...(a ? { a: described(a) } : {}), ...(b ? { b: described(b) } : {}) });
}

function parentOf(path: string): string | undefined {
  return path === "" ? undefined : path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function described({ kind, content, attributes }: Node): string {
  if (kind === "file" && content) return content.size === 1 ? "1 byte" : `${content.size} bytes`;
  return attributes.target === undefined ? "there" : `to ${attributes.target}`;
}

async function compareNodes({ a, b }: Pair<Node>, place: Place[], comparer: Comparer): Promise<void> {
  if (a.kind !== b.kind) {
    comparer.report(place, { kind: "attribute", what: "type", a: a.kind, b: b.kind });
    return;
  }
  compareAttributes(a.attributes, b.attributes, place, comparer);
  if (a.content && b.content) await comparer.compare({ a: a.content, b: b.content }, place);
}

function compareDerived({ a, b }: Pair<Tree>, place: Place[], comparer: Comparer): void {
  for (const [path, node] of a) {
    const here: Place[] = [...place, { kind: "file", name: `/${shownName(path)}` }];
    compareAttributes(node.derived ?? {}, b.get(path)?.derived ?? {}, here, comparer);
  }
}

function compareAttributes(
  a: Record<string, string>,
  b: Record<string, string>,
  place: Place[],
  comparer: Comparer,
): void {
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const [left, right] = [a[name], b[name]];
    if (left === right) continue;
    const values = { ...(left === undefined ? {} : { a: left }), ...(right === undefined ? {} : { b: right }) };
    comparer.report(place, { kind: "attribute", what: name, ...values });
  }
}

/** Names the first member of both that stands elsewhere. */
function compareOrder({ a, b }: Pair<Tree>, place: Place[], comparer: Comparer): void {
  const [left, right] = [[...a.keys()].filter((path) => b.has(path)), [...b.keys()].filter((path) => a.has(path))];
  const index = left.findIndex((path, position) => path !== right[position]);
  if (index === -1) return;
  const told = (path: string | undefined) => `/${shownName(path ?? "")}`;
  comparer.report(place, { kind: "order", what: `member ${index + 1}`, a: told(left[index]), b: told(right[index]) });
}
