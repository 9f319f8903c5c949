import { existsSync } from "node:fs";
import { lstat, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "../engine/engine.ts";
import { cleanPlan } from "../plan/clean.ts";
import { outputNames } from "../plan/image/index.ts";
import { isDelivered } from "../plan/index.ts";
import { type Session, withSession } from "../session/session.ts";
import { runWorker } from "../session/worker.ts";
import { forget } from "./history.ts";
import { outputOwner } from "./owner.ts";
import { openProject, type Project } from "./project.ts";
import { checkScripts, scriptOptions } from "./scripts.ts";
import { sessionOptions } from "./session-options.ts";
import type { VerbContext, VerbResult } from "./verb.ts";

/**
 * Removes outputs and what killed builds left behind; with one `--force` cached layers too, with two packages too,
 * as in mkosi.
 */
export async function clean(context: VerbContext): Promise<VerbResult> {
  const project = await openProject(context);
  await checkScripts(project.config, { clean: "CleanScripts" }, context);
  await withSession(sessionOptions(context, project), async (session) => {
    const image = await anyToolsImage(session.engine);
    // An engine on another machine does not see them.
    const here = image === undefined || session.engine.remote;
    if (here) await removeHere(project, context);
    if (image === undefined) await removeStore(session, context.line.force);
    else await cleanInWorker(session, project, { image, here, context });
  });
  await forget(context);
  return { text: "" };
}

/** Through a container: a folder that is an output holds files of other owners, which a user cannot remove. */
async function cleanInWorker(
  session: Session,
  project: Project,
  { image, here, context }: { image: string; here: boolean; context: VerbContext },
): Promise<void> {
  const { force, options } = context.line;
  const { plan, mounts } = cleanPlan(project.config, {
    what: force >= 2 ? "all" : force === 1 ? "layers" : "work",
    wipeBuildDirectories: force > 0 || options.wipeBuildDirectory,
    scripting: {
      caller: (session.engine.rootless ? undefined : outputOwner(context)) ?? { uid: 0, gid: 0 },
      ...scriptOptions(context),
    },
    exists: existsSync,
  });
  const folder = (await exists(project.outputDirectory)) ? { outputDirectory: project.outputDirectory } : {};
  const what = here
    ? { plan: { ...plan, images: [], scripts: [], buildDirectories: [] }, sources: [] }
    : { plan, sources: mounts };
  await runWorker(session.engine, { ...session, ...folder, ...what, image });
}

async function removeHere(project: Project, context: VerbContext): Promise<void> {
  for (const name of project.config.images.filter(isDelivered).flatMap(({ config }) => outputNames(config)))
    await rm(join(project.outputDirectory, name), { recursive: true, force: true });
  if (project.config.images.every(({ config }) => config.CleanScripts.length === 0)) return;
  const message = "CleanScripts= are not run: that takes a tools image, and an engine of this machine";
  context.onEvent({ type: "notice", level: "warning", message });
}

/** For an engine without a tools image: nothing was ever built by it, or its images were pruned. */
async function removeStore(session: Session, force: number): Promise<void> {
  if (force === 0) return;
  const { storeVolume } = await import("../session/worker.ts");
  await session.engine.removeVolume(storeVolume);
}

/** Any will do for removing; the one that a build would use now might have to be made first. */
async function anyToolsImage(engine: Engine): Promise<string | undefined> {
  const { TOOLS_LABEL } = await import("../tools/image.ts");
  const images = (await engine.listImages(TOOLS_LABEL)).filter(({ labels }) => labels[TOOLS_LABEL] !== "base");
  return images.sort((a, b) => b.created.getTime() - a.created.getTime())[0]?.id;
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}
