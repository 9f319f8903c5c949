import { lstat, rm } from "node:fs/promises";
import { join } from "node:path";
import { type CleanPlan, PROTOCOL_VERSION } from "../../sandbox/protocol.ts";
import type { Engine } from "../engine/engine.ts";
import { outputNames } from "../plan/image/index.ts";
import { isDelivered, projectId } from "../plan/index.ts";
import { type Session, withSession } from "../session/session.ts";
import { runWorker } from "../session/worker.ts";
import { forget } from "./history.ts";
import { openProject, type Project } from "./project.ts";
import { sessionOptions } from "./session-options.ts";
import type { VerbContext, VerbResult } from "./verb.ts";

type Delivered = CleanPlan["images"][number];

/**
 * Removes outputs and what killed builds left behind; with one `--force` cached layers too, with two packages too,
 * as in mkosi.
 */
export async function clean(context: VerbContext): Promise<VerbResult> {
  const project = await openProject(context);
  const images = delivered(project);
  await withSession(sessionOptions(context, project), async (session) => {
    const image = await anyToolsImage(session.engine);
    const { force } = context.line;
    // An engine on another machine does not see them.
    const here = image === undefined || session.engine.remote;
    if (here) await removeHere(project, images);
    if (image === undefined) await removeStore(session, force);
    else await cleanInWorker(session, project, { image, images, here, force });
  });
  await forget(context);
  return { text: "" };
}

/** Through a container: a folder that is an output holds files of other owners, which a user cannot remove. */
async function cleanInWorker(
  session: Session,
  project: Project,
  { image, images, here, force }: { image: string; images: Delivered[]; here: boolean; force: number },
): Promise<void> {
  const plan: CleanPlan = {
    version: PROTOCOL_VERSION,
    kind: "clean",
    what: force >= 2 ? "all" : force === 1 ? "layers" : "work",
    project: projectId(project.config),
    images: here ? [] : images,
  };
  const folder = (await exists(project.outputDirectory)) ? { outputDirectory: project.outputDirectory } : {};
  await runWorker(session.engine, { ...session, ...folder, image, plan, sources: [] });
}

async function removeHere(project: Project, images: Delivered[]): Promise<void> {
  for (const name of images.flatMap(({ files }) => files))
    await rm(join(project.outputDirectory, name), { recursive: true, force: true });
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

/** By the image's name: what a build delivers, and the link that has the name. */
function delivered({ config }: Project): Delivered[] {
  return config.images.filter(isDelivered).map(({ config }) => ({ output: config.Output, files: outputNames(config) }));
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
