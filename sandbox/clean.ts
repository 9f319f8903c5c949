import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { BuildError } from "./errors.ts";
import { currentStep, type Emit } from "./events.ts";
import { deliveredNames, forgetDelivery, lastDelivery } from "./outputs/delivery.ts";
import { sweepPartials } from "./outputs/staging.ts";
import { type CleanPlan, OUTPUT_PATH } from "./protocol.ts";
import { makeRun } from "./run.ts";
import { emptyFolder, outputFolder } from "./scripts/before.ts";
import { runScripts, type ScriptHost } from "./scripts/run-scripts.ts";
import { mounted } from "./scripts/sources.ts";
import { claimWork, empty, sweepWork } from "./store.ts";

/** Removes what the plan names. A folder's files may belong to ids that only a container can remove. Throws as `runScripts` does. */
export async function clean(plan: CleanPlan, { emit, signal }: { emit: Emit; signal: AbortSignal }): Promise<void> {
  const running = await sweepWork();
  if (plan.what !== "work" && running.length > 0) throw inUse(running);
  await sweepPartials(running);
  for (const name of await delivered(plan)) await rm(join(OUTPUT_PATH, name), { recursive: true, force: true });
  for (const { output } of plan.images) await forgetDelivery(plan.project, output);
  const run = makeRun({ onLine: (line) => emit({ type: "log", id: currentStep(), line }), signal });
  if (plan.scripts.length > 0) await runCleanScripts(plan, { run, emit });
  for (const { writable } of plan.buildDirectories) await emptyFolder(mounted(writable));
  if (plan.what !== "work") await empty("layers", "outputs", "latest");
  // What a package manager chose says nothing of what was built: it goes with the indexes that it chose from.
  if (plan.what === "all") await empty("packages", "indexes", "resolutions");
}

async function runCleanScripts(plan: CleanPlan, host: Pick<ScriptHost, "run" | "emit">): Promise<void> {
  const { folder, release } = await claimWork(`clean-${randomUUID()}`);
  try {
    for (const { name, scripts, ...view } of plan.scripts)
      await runScripts({ ...host, name, work: folder }, { kind: "clean", scripts, view, beside: outputFolder() });
  } finally {
    await release();
  }
}

async function delivered({ project, images }: CleanPlan): Promise<string[]> {
  const names = images.map(async ({ output, files }) => {
    const record = await lastDelivery(project, output);
    return record ? deliveredNames(record) : files;
  });
  return (await Promise.all(names)).flat();
}

function inUse(running: string[]): BuildError {
  const message = `cached layers are in use by ${running.length === 1 ? "a build" : `${running.length} builds`} (${running.join(", ")})`;
  return new BuildError("store-in-use", message, { hint: "Wait until it has ended, or interrupt it." });
}
