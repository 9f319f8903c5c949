import { cp, lstat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { outputNames } from "../plan/image/index.ts";
import type { Project } from "../verbs/project.ts";

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
