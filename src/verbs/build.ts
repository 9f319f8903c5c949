import { join } from "node:path";
import { ExitCode } from "../../sandbox/exit-code.ts";
import type { BuildPlan } from "../../sandbox/protocol.ts";
import { UserError } from "../errors.ts";
import { configurable } from "../plan/configurable.ts";
import { hasOutput } from "../plan/image/index.ts";
import { scriptSettings } from "../plan/image/scripts.ts";
import type { DebugShell } from "../session/debug-shell.ts";
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
  refuseForced(context);
  const opened = await openProject(context);
  if (configurable(opened.config).length === 0) checkKeys(opened, context);
  await refuseExisting(opened, context);
  const paths = await withSession(sessionOptions(context, opened), async (session) => {
    const project = await configureProject(session, opened, context);
    await refuseExisting(project, context);
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
  if (project.config.main.config.History && !project.recalled && !context.line.options.rerunBuildScripts)
    await remember(context);
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
  const debugShell = shellFor(context);
  const { plan, mounts } = project.plan({
    toolsKey: tools.key,
    build: session.build,
    force: line.force,
    explain: line.explain,
    debugShell: debugShell !== undefined,
    rerunBuildScripts: line.options.rerunBuildScripts,
    wipeBuildDirectories: line.options.wipeBuildDirectory,
    // In a rootless engine the container's root is the caller already.
    owner: session.engine.rootless ? undefined : owner,
  });
  const { outputDirectory } = project;
  const run = { ...session, image: tools.image, plan: change(plan), sources: mounts, outputDirectory, debugShell };
  return runWorker(session.engine, run);
}

function checkKeys({ config }: Project, { environment }: VerbContext): void {
  checkSigning(config);
  checkOpenPgp(config, environment);
}

/** `--debug-shell`, where there is a terminal for it. */
function shellFor({ line, terminal, environment, endProgress }: VerbContext): DebugShell | undefined {
  const onTerminal = terminal.stdin.isTTY === true && terminal.stdout.isTTY === true;
  if (!line.options.debugShell || !onTerminal) return undefined;
  return { terminal, terminalName: environment.TERM, endProgress };
}

/** `--rerun-build-scripts` needs an image that is there, and a build one that is not, or `--force`. */
async function refuseExisting(project: Project, { line }: VerbContext): Promise<void> {
  const built = await isBuilt(project);
  if (line.options.rerunBuildScripts) return refuseRerun(project, built);
  if (line.force > 0 || !built) return;
  const path = shownPath(join(project.outputDirectory, mainOutput(project)));
  throw new UserError("output-exists", `The output ${path} exists already`, {
    hint: "Replace it with --force (-f)",
  });
}

function refuseRerun({ config: { main } }: Project, built: boolean): void {
  if (built || !hasOutput(main.config)) return;
  const message = "The image must be built once before --rerun-build-scripts can be used";
  throw new UserError("not-built", message, { hint: "Build it with: caisson build" });
}

function refuseForced({ line }: VerbContext): void {
  if (line.force === 0 || !line.options.rerunBuildScripts) return;
  throw new UserError("force-with-rerun", "--force cannot be used together with --rerun-build-scripts", {
    exitCode: ExitCode.usage,
  });
}
