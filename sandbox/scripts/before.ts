/** Scripts that run before an image is built: for its sources, and for outputs that are to be replaced. */
import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type BuildPlan, type ImagePlan, OUTPUT_PATH } from "../protocol.ts";
import { lookUp, readJson } from "../store.ts";
import { latestName } from "../tree/layers.ts";
import { runScripts, type ScriptHost } from "./run-scripts.ts";
import { mounted } from "./sources.ts";

/** As in mkosi, outputs that are replaced are cleaned up after by CleanScripts=, and the build directory is emptied where that is asked for. */
export async function cleanUp(plan: BuildPlan, image: ImagePlan, host: ScriptHost): Promise<void> {
  const part = image.scripts;
  if (!part) return;
  if (plan.force && part.scripts.clean.length > 0)
    await runScripts(host, { kind: "clean", scripts: part.scripts.clean, view: part, beside: outputFolder() });
  if (plan.wipeBuildDirectories && part.buildDirectory) await emptyFolder(mounted(part.buildDirectory.writable));
}

/** What clean scripts see of the output folder, which may not be there. */
export function outputFolder(): { out?: string } {
  return existsSync(OUTPUT_PATH) ? { out: OUTPUT_PATH } : {};
}

export async function emptyFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
}

/** Sync scripts run in every build: what they bring is in the keys of those that read it. */
export async function syncSources(plan: BuildPlan, image: ImagePlan, host: ScriptHost): Promise<void> {
  const part = image.scripts;
  if (!part || part.scripts.sync.length === 0) return;
  const variables = { CACHED: (await isCached(plan, image)) ? "1" : "0" };
  await runScripts(host, { kind: "sync", scripts: part.scripts.sync, view: part, arguments: ["final"], variables });
}

/** Whether the image's packages need not be installed again, as far as one can know before repositories were asked. */
async function isCached(plan: BuildPlan, image: ImagePlan): Promise<boolean> {
  if (plan.rebuild !== "none") return false;
  const latest = await readJson<{ key: string }>("latest", latestName({ plan, image }, "packages"));
  return latest !== undefined && (await lookUp("layers", latest.key)) !== undefined;
}
