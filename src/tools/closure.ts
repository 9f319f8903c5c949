import { UserError } from "../errors.ts";
import type { Relations, RelationsTable } from "./package-index.ts";

const PRIORITIES = ["required", "important", "standard", "optional", "extra"];

/**
 * The packages that a base system needs: every essential one, `extra`, and what these depend on, by name. Simple on
 * purpose: it takes the first alternative that exists and ignores versions, which is right within one suite
 * (Debian Policy sections 3.8 and 7). Everything beyond the base is solved by apt.
 */
export function baseClosure(packages: RelationsTable, extra: string[]): string[] {
  const queue: string[] = [];
  for (const { name, essential } of packages.containing("\tyes\t")) if (essential) queue.push(name);
  queue.push(...extra);
  const closure = new Set<string>();
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (closure.has(name)) continue;
    const relations = packages.find(name);
    if (!relations) throw new UserError("package-not-found", `the index has no package ${name}`);
    closure.add(name);
    for (const alternatives of dependencies(relations)) {
      if (alternatives.some((alternative) => closure.has(alternative))) continue;
      queue.push(choose(alternatives, packages, closure, name));
    }
  }
  return [...closure].sort();
}

/** Names of what a package depends on: all of the outer, one of each inner. */
function dependencies({ depends }: Relations): string[][] {
  return depends
    .split(",")
    .map((group) => group.split("|").map(bareName).filter(Boolean))
    .filter((group) => group.length > 0);
}

/** `libc6:any (>= 2.38)` -> `libc6` */
function bareName(relation: string): string {
  return relation.replace(/\(.*/s, "").replace(/:.*/s, "").trim();
}

function providersOf(name: string, packages: RelationsTable): string[] {
  const found = [...packages.containing(name)].filter(({ provides }) =>
    provides.split(",").map(bareName).includes(name),
  );
  return found.map((provider) => provider.name);
}

function choose(alternatives: string[], packages: RelationsTable, closure: Set<string>, dependent: string): string {
  for (const alternative of alternatives) {
    if (packages.find(alternative)) return alternative;
    const candidates = providersOf(alternative, packages);
    const rank = (name: string) => PRIORITIES.indexOf(packages.find(name)?.priority || "extra");
    const sorted = candidates.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
    const best = sorted.find((name) => closure.has(name)) ?? sorted[0];
    if (best) return best;
  }
  throw new UserError("package-not-found", `${dependent} needs ${alternatives.join(" or ")}, which the index lacks`);
}
