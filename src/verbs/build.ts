import { join } from "node:path";
import type { BuildPlan } from "../../sandbox/protocol.ts";
import { UserError } from "../errors.ts";
import { configurable } from "../plan/configurable.ts";
import { scriptSettings } from "../plan/image/scripts.ts";
import { type Session, withSession } from "../session/session.ts";
import { type OutputEvent, runWorker } from "../session/worker.ts";
import { checkSigning } from "../signing/check.ts";
import { checkOpenPgp } from "../signing/openpgp.ts";
import { writeVersion } from "./bump.ts";
import { configureProject } from "./configure.ts";
import { remember } from "./history.ts";
import { makeOwnedDirectory } from "./owned-files.ts";
import { outputOwner } from "./owner.ts";
import { shownPath } from "./paths.ts";
import { isBuilt, mainOutput, openProject, type Project } from "./project.ts";
import { checkScripts, makeBuildDirectories } from "./scripts.ts";
import { sessionOptions } from "./session-options.ts";
import type { VerbContext, VerbResult } from "./verb.ts";

/** Builds the image, and prints the paths of what was delivered. */
export async function build(context: VerbContext): Promise<VerbResult> {
  const opened = await openProject(context);
  if (configurable(opened.config).length === 0) checkKeys(opened, context);
  await refuseExisting(opened, context.line.force);
  const paths = await withSession(sessionOptions(context, opened), async (session) => {
    const project = await configureProject(session, opened, context);
    await refuseExisting(project, context.line.force);
    const outputs = await buildProject(session, project, context);
    return outputs.map(({ file }) => join(project.outputDirectory, file));
  });
  return { text: paths.map((path) => `${shownPath(path)}\n`).join("") };
}

/**
 * For verbs that use an image: builds it where it is not there, or with `--force`. Gives back the project as it was
 * built, which configure scripts may have changed; `check` sees it before the build.
 */
export async function buildWhereNeeded(
  session: Session,
  opened: Project,
  context: VerbContext,
  check: (project: Project) => void = () => undefined,
): Promise<Project> {
  const isThere = async (project: Project) => context.line.force === 0 && (await isBuilt(project));
  if (await isThere(opened)) return opened;
  const project = await configureProject(session, opened, context);
  if (await isThere(project)) return project;
  check(project);
  await buildProject(session, project, context);
  return project;
}

async function buildProject(session: Session, project: Project, context: VerbContext): Promise<OutputEvent[]> {
  const outputs = await buildOutputs(session, project, context);
  if (context.line.options.autoBump) await writeVersion(project.config, context);
  if (project.config.main.config.History && !project.recalled) await remember(context);
  return outputs;
}

/**
 * Builds within a session, and remembers nothing of it. As in mkosi, one `--force` replaces outputs, two rebuild cached
 * layers, three fetch packages anew. `change` sees the plan before it is carried out.
 */
export async function buildOutputs(
  session: Session,
  project: Project,
  context: VerbContext,
  change: (plan: BuildPlan) => BuildPlan = (plan) => plan,
): Promise<OutputEvent[]> {
  const { line } = context;
  checkKeys(project, context);
  await checkScripts(project.config, scriptSettings, context);
  const tools = await session.tools(line.toolsUpdate);
  const owner = outputOwner(context);
  await makeOwnedDirectory(project.outputDirectory, owner);
  await makeBuildDirectories(project.config, owner);
  const { plan, mounts } = project.plan({
    toolsKey: tools.key,
    build: session.build,
    force: line.force,
    explain: line.explain,
    wipeBuildDirectories: line.options.wipeBuildDirectory,
    // In a rootless engine the container's root is the caller already.
    owner: session.engine.rootless ? undefined : owner,
  });
  const { outputDirectory } = project;
  const run = { ...session, image: tools.image, plan: change(plan), sources: mounts, outputDirectory };
  return runWorker(session.engine, run);
}

function checkKeys({ config }: Project, { environment }: VerbContext): void {
  checkSigning(config);
  checkOpenPgp(config, environment);
}

async function refuseExisting(project: Project, force: number): Promise<void> {
  if (force > 0 || !(await isBuilt(project))) return;
  const path = shownPath(join(project.outputDirectory, mainOutput(project)));
  throw new UserError("output-exists", `The output ${path} exists already`, {
    hint: "Replace it with --force (-f)",
  });
}
