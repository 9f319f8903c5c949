import { rm } from "node:fs/promises";
import { join } from "node:path";
import { BuildError } from "./errors.ts";
import { type CleanPlan, OUTPUT_PATH } from "./protocol.ts";
import { sweepPartials } from "./steps/deliver.ts";
import { empty, sweepWork } from "./store.ts";

/** Removes what the plan names. A folder's files may belong to ids that only a container can remove. */
export async function clean(plan: CleanPlan): Promise<void> {
  const running = await sweepWork();
  if (plan.what !== "work" && running.length > 0) throw inUse(running);
  await sweepPartials(running);
  if (plan.what !== "work") await empty("layers", "outputs", "latest");
  // What a package manager chose says nothing of what was built: it goes with the indexes that it chose from.
  if (plan.what === "all") await empty("packages", "indexes", "resolutions");
  for (const name of plan.outputs) await rm(join(OUTPUT_PATH, name), { recursive: true, force: true });
}

function inUse(running: string[]): BuildError {
  const message = `cached layers are in use by ${running.length === 1 ? "a build" : `${running.length} builds`} (${running.join(", ")})`;
  return new BuildError("store-in-use", message, { hint: "Wait until it has ended, or interrupt it." });
}
