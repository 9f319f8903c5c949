import { existsSync, readFileSync } from "node:fs";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { ExitCode } from "../../sandbox/exit-code.ts";
import { findVerb } from "../cli/verbs.ts";
import { defaultKernelModules, type ResolvedProject } from "../config/index.ts";
import { debianMirror } from "../distributions/mirror.ts";
import { UserError } from "../errors.ts";
import { configurable } from "../plan/configurable.ts";
import { hasOutput, outputFile } from "../plan/image/index.ts";
import { makePlan, outputDirectoryOf, type PlannedBuild, type PlanOptions } from "../plan/index.ts";
import type { Machine } from "../plan/machine.ts";
import { refuseUnbuilt } from "../plan/refuse.ts";
import { requireTrees } from "../plan/required-trees.ts";
import { registryCredentials } from "../registry/credentials.ts";
import { raisedVersion } from "./bump.ts";
import { readConfiguration } from "./configuration.ts";
import { recall } from "./history.ts";
import { scriptOptions } from "./scripts.ts";
import type { VerbContext } from "./verb.ts";

/** A configuration, read, and the build that it asks for. */
export interface Project {
  config: ResolvedProject;
  /** Where outputs go; absolute. */
  outputDirectory: string;
  /** The settings come from an earlier build: this one has nothing to remember. */
  recalled: boolean;
  /** The plan of a build, with what only a session knows. */
  plan(options: Omit<PlanOptions, "mirror" | "credentials">): PlannedBuild;
}

/**
 * Reads the configuration. Throws UserError with exit code 2 for anything wrong in it; what a build cannot do is looked
 * for after configure scripts where there are any.
 */
export async function openProject(context: VerbContext): Promise<Project> {
  const { line } = context;
  const recalled = await recall(context);
  const builds = findVerb(line.verb)?.builds === true;
  const raised = builds && line.options.autoBump ? await raisedVersion(context, recalled) : undefined;
  const config = await readConfiguration(context, { recalled, raised });
  refuseNothing(config, context);
  const project = await plannable(config, { recalled: recalled !== undefined }, context);
  if (builds && configurable(config).length === 0) checkBuild(project, context);
  return project;
}

/** The same project with another configuration. Throws as `openProject` does. */
export async function projectOf(
  config: ResolvedProject,
  { recalled }: Project,
  context: VerbContext,
): Promise<Project> {
  const project = await plannable(config, { recalled }, context);
  checkBuild(project, context);
  return project;
}

async function plannable(
  config: ResolvedProject,
  { recalled }: Pick<Project, "recalled">,
  context: VerbContext,
): Promise<Project> {
  const mirror = await debianMirror();
  const modules = await defaultKernelModules(config.main.config.Architecture);
  const credentials = credentialsFile(context);
  const common = {
    mirror,
    credentials,
    defaultModules: () => modules,
    machine: thisMachine,
    scripting: scriptOptions(context),
  };
  const plan: Project["plan"] = (options) => makePlan(config, { ...options, ...common });
  return { config, plan, recalled, outputDirectory: outputDirectoryOf(config) };
}

/** With which the user speaks to registries. */
export function credentialsFile({ environment, user }: Pick<VerbContext, "environment" | "user">): string | undefined {
  return registryCredentials({ environment, uid: user?.uid, exists: existsSync });
}

function thisMachine(): Machine {
  const text = (path: string) => (existsSync(path) ? readFileSync(path, "utf8") : undefined);
  return { modules: text("/proc/modules"), processors: text("/proc/cpuinfo") };
}

/** What is wrong with a build is found before there is an engine. */
function checkBuild({ config, plan }: Project, { line }: VerbContext): void {
  refuseUnbuilt(config, config.main.config.Ignore, line.verb === "vm" || line.verb === "shell" ? "run" : "build");
  requireTrees(config, existsSync);
  plan({ toolsKey: "", build: "check", force: 0, explain: false });
}

/** The file name of the image that was asked for. */
export function mainOutput({ config }: Pick<Project, "config">): string {
  return outputFile(config.main.config);
}

/** Whether the image that was asked for is there. A link is none: it points to another output. Where there is no output it never is. */
export async function isBuilt(project: Project): Promise<boolean> {
  if (!hasOutput(project.config.main.config)) return false;
  const found = await lstat(join(project.outputDirectory, mainOutput(project))).catch(absent);
  return found !== undefined && !found.isSymbolicLink();
}

function refuseNothing({ main }: ResolvedProject, { line }: VerbContext): void {
  if (main.files.length > 0 || line.settings.length > 0 || main.assignments.length > 0) return;
  throw new UserError("no-configuration", `There is no mkosi.conf in ${line.directory}, and no setting was given`, {
    exitCode: ExitCode.usage,
    hint: "Go to the folder of the configuration, or name it with -C",
  });
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
  return undefined;
}
