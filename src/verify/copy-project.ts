import { existsSync } from "node:fs";
import { cp, lstat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { UserError } from "../errors.ts";
import { outputNames } from "../plan/image/index.ts";
import { openProject, type Project } from "../verbs/project.ts";
import type { VerbContext } from "../verbs/verb.ts";
import type { Variation } from "./variations.ts";

/**
 * The project as it is read from a copy of its folder; or from the folder itself, where it uses what lies beside that.
 * `there` gives the context for a folder.
 */
export async function openCopy(
  project: Project,
  target: string,
  there: (directory: string) => VerbContext,
): Promise<{ project: Project; context: VerbContext; variation: Variation }> {
  await copyProject(project, target);
  const variation = { name: "project's folder", first: project.config.directory };
  const copied = await openWhole(there(target));
  if (typeof copied !== "string")
    return { project: copied, context: there(target), variation: { ...variation, second: target } };
  const context = there(project.config.directory);
  return { project: await openProject(context), context, variation: { ...variation, reason: copied } };
}

/** A project, or what of it is missing. */
async function openWhole(context: VerbContext): Promise<Project | string> {
  try {
    const project = await openProject(context);
    const { mounts } = project.plan({ toolsKey: "", build: "check", force: 0, explain: false });
    const missing = mounts.find(({ hostPath }) => !existsSync(hostPath));
    return missing === undefined ? project : `a copy of it lacks ${missing.hostPath}`;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `a copy of it cannot be read: ${error.message}`;
  }
}

/** What earlier builds left in a project's folder (mkosi(1)): no part of what is built. */
const LEFT = ["mkosi.output", "mkosi.builddir", "mkosi.cache", "mkosi.pkgcache", "mkosi.workspace", ".mkosi-private"];

/** Copies a project's folder, with new times, without what was built there. */
export async function copyProject(project: Project, target: string): Promise<void> {
  const folder = project.config.directory;
  const outputs = project.config.images.flatMap(({ config }) => [config.Output, ...outputNames(config)]);
  const built = new Set([
    ...LEFT.map((name) => join(folder, name)),
    ...outputs.map((name) => join(project.outputDirectory, name)),
  ]);
  if (isBelow(folder, project.outputDirectory)) built.add(project.outputDirectory);
  await cp(folder, target, {
    recursive: true,
    verbatimSymlinks: true,
    filter: async (path) => !built.has(path) && isCopied(path),
  });
}

/** Sockets and device nodes belong to programs that run. */
async function isCopied(path: string): Promise<boolean> {
  const stats = await lstat(path);
  return stats.isFile() || stats.isDirectory() || stats.isSymbolicLink();
}

export function isBelow(folder: string, path: string): boolean {
  return resolve(path).startsWith(resolve(folder) + sep);
}
