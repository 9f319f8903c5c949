import { lstatSync } from "node:fs";
import { join } from "node:path";
import { FileBlob } from "./compare/blob.ts";
import { Comparer } from "./compare/comparer.ts";
import { containers } from "./compare/containers/index.ts";
import { readFolder } from "./compare/extracted.ts";
import { leaf } from "./compare/leaf.ts";
import { compareTrees } from "./compare/trees.ts";
import { BuildError } from "./errors.ts";
import { currentStep, type Emit, step } from "./events.ts";
import { type Difference, type DiffPlan, type Place, SOURCES_PATH } from "./protocol.ts";
import { makeRun } from "./run.ts";
import { claimWork, sweepWork } from "./store.ts";

type PlannedPair = DiffPlan["pairs"][number];

/** Compares every pair of the plan, and sends an event for each difference. */
export async function diff(plan: DiffPlan, { emit, signal }: { emit: Emit; signal: AbortSignal }): Promise<void> {
  const { folder, release } = await claimWork(plan.build);
  const run = makeRun({ onLine: (line) => emit({ type: "log", id: currentStep(), line }), signal });
  const report = (difference: Difference) => emit({ type: "difference", ...difference });
  const comparer = new Comparer({ run, work: folder, report, containers, leaf, signal });
  try {
    await sweepWork();
    for (const pair of plan.pairs) {
      await step(emit, pair.name ?? "diff", "Comparing", () => comparePair(pair, comparer));
    }
  } finally {
    await release();
  }
}

async function comparePair({ name, ...pair }: PlannedPair, comparer: Comparer): Promise<void> {
  const place: Place[] = name === undefined ? [] : [{ kind: "file", name }];
  const [a, b] = [join(SOURCES_PATH, pair.a.source), join(SOURCES_PATH, pair.b.source)];
  const [left, right] = [kind(a), kind(b)];
  if (left !== right) comparer.report(place, { kind: "attribute", what: "type", a: left, b: right });
  else if (left === "file") await comparer.compare({ a: new FileBlob(a), b: new FileBlob(b) }, place);
  else {
    const trees = { a: await readFolder(a, comparer), b: await readFolder(b, comparer) };
    await compareTrees(trees, place, comparer);
  }
}

function kind(path: string): "file" | "directory" {
  const stats = lstatSync(path);
  if (stats.isDirectory()) return "directory";
  if (stats.isFile()) return "file";
  throw new BuildError("not-comparable", "only files and folders can be compared");
}
