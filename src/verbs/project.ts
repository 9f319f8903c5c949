import { lstat } from "node:fs/promises";
import { join, relative } from "node:path";
import { type BuildPlan, ExitCode } from "../../sandbox/protocol.ts";
import type { ParsedSetting, ResolvedProject } from "../config/index.ts";
import { UserError } from "../errors.ts";
import type { PlannedBuild, PlanOptions } from "../plan/index.ts";
import { showProblems } from "./problems.ts";
import type { VerbContext } from "./verb.ts";

/** A configuration, read, and the build that it asks for. */
export interface Project {
  config: ResolvedProject;
  /** Where outputs go; absolute. */
  outputDirectory: string;
  images: BuildPlan["images"];
  /** The plan of a build, with what only a session knows. */
  plan(options: Omit<PlanOptions, "mirror">): PlannedBuild;
}

/** Reads the configuration and plans the build. Throws UserError with exit code 2 for anything wrong in it. */
export async function openProject(context: VerbContext): Promise<Project> {
  const { line, environment } = context;
  const { defaultKernelModules, loadConfig } = await import("../config/index.ts");
  const { makePlan } = await import("../plan/index.ts");
  const { refuseUnbuilt } = await import("../plan/refuse.ts");
  const { debianMirror } = await import("../distributions/mirror.ts");
  const config = await loadConfig({ directory: line.directory, arguments: line.settings, environment });
  showProblems(config.problems, context);
  refuseNothing(config, line.settings, line.directory);
  refuseUnbuilt(config, config.main.config.Ignore);
  const mirror = await debianMirror();
  const modules = await defaultKernelModules(config.main.config.Architecture);
  const plan: Project["plan"] = (options) => makePlan(config, { ...options, mirror, defaultModules: () => modules });
  // Its names of images and files are those of every other plan of this configuration.
  const preview = plan({ toolsKey: "", build: "preview", force: 0, explain: false });
  return { config, plan, outputDirectory: preview.outputDirectory, images: preview.plan.images };
}

/** The file names that a build delivers. */
export function deliveredFiles({ images }: Pick<Project, "images">): string[] {
  return images.filter(({ deliver }) => deliver).map(({ outputFile }) => outputFile);
}

/** The file name of the image that was asked for. */
export function mainOutput({ images }: Pick<Project, "images">): string {
  return mainImage({ images }).outputFile;
}

export function mainImage({ images }: Pick<Project, "images">): BuildPlan["images"][number] {
  const image = images.at(-1);
  if (image === undefined) throw new Error("a plan without an image");
  return image;
}

/** Whether the image that was asked for is there. A link is none: it points to another output. */
export async function isBuilt(project: Project): Promise<boolean> {
  const found = await lstat(join(project.outputDirectory, mainOutput(project))).catch(absent);
  return found !== undefined && !found.isSymbolicLink();
}

/** A path as the user would write it from where they are. */
export function shownPath(path: string, from = process.cwd()): string {
  const below = relative(from, path);
  return below.startsWith("..") ? path : below;
}

function refuseNothing({ main }: ResolvedProject, settings: ParsedSetting[], directory: string): void {
  if (main.files.length > 0 || settings.length > 0 || main.assignments.length > 0) return;
  throw new UserError("no-configuration", `There is no mkosi.conf in ${directory}, and no setting was given`, {
    exitCode: ExitCode.usage,
    hint: "Go to the folder of the configuration, or name it with -C",
  });
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
  return undefined;
}
