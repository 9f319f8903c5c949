import { chown, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../errors.ts";
import { type Session, withSession } from "../session/session.ts";
import { type OutputEvent, runWorker } from "../session/worker.ts";
import { type Owner, outputOwner } from "./owner.ts";
import { isBuilt, mainOutput, openProject, type Project, shownPath } from "./project.ts";
import { sessionOptions } from "./session-options.ts";
import type { VerbContext, VerbResult } from "./verb.ts";

/** Builds the image, and prints the paths of what was delivered. */
export async function build(context: VerbContext): Promise<VerbResult> {
  const project = await openProject(context);
  await refuseExisting(project, context.line.force);
  const outputs = await withSession(sessionOptions(context, project), (session) =>
    buildProject(session, project, context),
  );
  const paths = outputs.map(({ file }) => join(project.outputDirectory, file));
  return { text: paths.map((path) => `${shownPath(path)}\n`).join("") };
}

/** Builds within a session. As in mkosi, one `--force` replaces outputs, two rebuild cached layers, three fetch packages anew. */
export async function buildProject(session: Session, project: Project, context: VerbContext): Promise<OutputEvent[]> {
  const { line } = context;
  const tools = await session.tools(line.toolsUpdate);
  const owner = outputOwner(context);
  await makeOutputDirectory(project.outputDirectory, owner);
  const { plan, mounts } = project.plan({
    toolsKey: tools.key,
    build: session.build,
    force: line.force,
    explain: line.explain,
    // In a rootless engine the container's root is the caller already.
    owner: session.engine.rootless ? undefined : owner,
  });
  const { outputDirectory } = project;
  return runWorker(session.engine, { ...session, image: tools.image, plan, sources: mounts, outputDirectory });
}

async function refuseExisting(project: Project, force: number): Promise<void> {
  if (force > 0 || !(await isBuilt(project))) return;
  const path = shownPath(join(project.outputDirectory, mainOutput(project)));
  throw new UserError("output-exists", `The output ${path} exists already`, {
    hint: "Replace it with --force (-f)",
  });
}

/** A folder that this makes belongs to whom its files will. */
async function makeOutputDirectory(path: string, owner: Owner | undefined): Promise<void> {
  const made = await mkdir(path, { recursive: true });
  if (made !== undefined && owner !== undefined) await chown(path, owner.uid, owner.gid);
}
