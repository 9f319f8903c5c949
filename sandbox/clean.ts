import { rm } from "node:fs/promises";
import { join } from "node:path";
import { BuildError } from "./errors.ts";
import { deliveredNames, forgetDelivery, lastDelivery } from "./outputs/delivery.ts";
import { sweepPartials } from "./outputs/staging.ts";
import { type CleanPlan, OUTPUT_PATH } from "./protocol.ts";
import { empty, sweepWork } from "./store.ts";

/** Removes what the plan names. A folder's files may belong to ids that only a container can remove. */
export async function clean(plan: CleanPlan): Promise<void> {
  const running = await sweepWork();
  if (plan.what !== "work" && running.length > 0) throw inUse(running);
  await sweepPartials(running);
  for (const name of await delivered(plan)) await rm(join(OUTPUT_PATH, name), { recursive: true, force: true });
  for (const { output } of plan.images) await forgetDelivery(plan.project, output);
  if (plan.what !== "work") await empty("layers", "outputs", "latest");
  // What a package manager chose says nothing of what was built: it goes with the indexes that it chose from.
  if (plan.what === "all") await empty("packages", "indexes", "resolutions");
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
