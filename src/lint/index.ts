import { basename, resolve } from "node:path";
import { problemOf, type Reader, type Reading, shown } from "../config/findings.ts";
import { configurationFolder, type LoadOptions, loadConfig } from "../config/index.ts";
import { detectHost, distributionAt, machineFiles } from "../config/machine.ts";
import type { Problem, Report } from "../config/problems.ts";
import type { ResolvedImage, ResolvedProject } from "../config/resolved.ts";
import { UserError } from "../errors.ts";
import { checkAssignments } from "./assignments.ts";
import { type ConfigFile, configFiles, type Stray, singleFile } from "./files.ts";
import { atValue, byPlace, byStart, findingAbout } from "./findings.ts";
import { checkBuilt, checkScripts } from "./images.ts";
import { checkMatches } from "./matches.ts";
import { checkNames } from "./names.ts";
import { checkEffects } from "./no-effect.ts";
import type { Scratch } from "./scratch.ts";
import { checkConditions, checkUnread } from "./unread.ts";

export interface LintOptions extends Omit<LoadOptions, "report"> {
  /** Files and folders, absolute: their problems alone are wanted. Files that no image reads are looked at as well. */
  only?: readonly string[];
}

/**
 * Every problem of the project in `directory`, by place: of what an image reads here, and of files whose conditions do
 * not hold or whose profile is not chosen. What Ignore= names is left out, but for errors.
 */
export async function lintProject(options: LintOptions): Promise<Problem[]> {
  const found = new Map<string, Problem>();
  const report: Report = (any) => {
    const problem = located(any, options.directory);
    const key = `${problem.where}\0${problem.code}\0${problem.message}\0${problem.place?.column}`;
    if (!found.has(key)) found.set(key, problem);
  };
  const project = await read(options, report);
  for (const [key, problem] of found) adjust(found, key, problem, project);
  const { scratch, reader, folder } = setUp(options, project, report);
  const { files, strays } = configFiles(folder, imagesOf(project), reader);
  const extra = extraFiles(options, files, reader);
  for (const problem of [
    ...strays.filter((stray) => !isNamed(stray, files)).map(strayFinding),
    ...[...files, ...extra].flatMap((file) => fileProblems(file, scratch)),
    ...checkNames(files, project?.images ?? []),
    ...(project === undefined ? [] : projectProblems(project, reader)),
  ]) {
    report(problem);
  }
  const sections = [...files, ...extra].flatMap((file) => file.sections);
  const starts = byStart(sections.flatMap(({ assignments }) => assignments));
  const ignored: readonly string[] = project?.main.config.Ignore ?? [];
  return [...found.values()]
    .filter(({ severity, code }) => severity === "error" || !ignored.includes(code))
    .filter((problem) => isWanted(problem, options))
    .map((problem) => atValue(problem, starts))
    .sort(byPlace);
}

/** What keeps the whole from being resolved, such as a cycle of dependencies, is a problem like others. */
async function read(options: LintOptions, report: Report): Promise<ResolvedProject | undefined> {
  try {
    return await loadConfig({ ...options, report });
  } catch (error) {
    if (!(error instanceof UserError) || error.code === "directory-not-found") throw error;
    report(problemOf(error));
    return undefined;
  }
}

function setUp(options: LintOptions, project: ResolvedProject | undefined, report: Report) {
  const { directory, environment, files = machineFiles } = options;
  const reading: Reading = { files, environment, directory, report, lenient: true, parsed: new Map() };
  const scratch: Scratch = {
    reading,
    surroundings: {
      workingDirectory: resolve(directory),
      host: options.host ?? detectHost(environment),
      distributionAt: (root) => distributionAt(root, files),
      exists: files.exists,
      environment,
    },
    images: imagesOf(project),
  };
  const reader: Reader = { reading, quiet: false };
  return { scratch, reader, folder: configurationFolder(directory, files) };
}

function imagesOf(project: ResolvedProject | undefined): ResolvedImage[] {
  if (project === undefined) return [];
  return project.tools === undefined ? [...project.images] : [project.tools, ...project.images];
}

function fileProblems(file: ConfigFile, scratch: Scratch): Problem[] {
  const isRead = scratch.images.some(({ files }) => files.includes(file.path));
  return [
    ...checkConditions(file, scratch),
    ...(isRead ? [] : checkUnread(file, scratch)),
    ...checkAssignments(file),
    ...checkMatches(file, scratch),
  ];
}

function projectProblems(project: ResolvedProject, reader: Reader): Problem[] {
  return [...checkBuilt(project), ...checkEffects(project), ...checkScripts(project.images, reader)];
}

/** A problem with a file as a whole has the file's path in its message; that is where it is. */
function located(problem: Problem, directory: string): Problem {
  const [, path, message] = /^(\/[^\n:]+): ([\s\S]+)$/.exec(problem.message) ?? [];
  if (problem.where !== "" || path === undefined || message === undefined) return problem;
  return { ...problem, message, where: shown(path, { reading: { directory } }) };
}

/**
 * What a build makes before it needs it is no problem; what else is missing may still be made by then. Links that lead
 * nowhere are found, with their place, in every folder.
 */
function adjust(
  found: Map<string, Problem>,
  key: string,
  problem: Problem,
  project: ResolvedProject | undefined,
): void {
  if (problem.code === "dangling-link") found.delete(key);
  if (problem.code !== "file-not-found" || problem.severity !== "ignored") return;
  const outputs = project?.images.flatMap(({ config }) => config.OutputDirectory ?? []) ?? [];
  const isOutput = outputs.some((folder) => problem.message.includes(`${folder}/`));
  if (isOutput) found.delete(key);
  else found.set(key, { ...problem, severity: "warning" });
}

/** Scripts and the like may lie beside the configuration that names them. */
function isNamed({ shown }: Stray, files: readonly ConfigFile[]): boolean {
  return files.some(({ sections }) =>
    sections.some(({ assignments }) => assignments.some(({ value }) => value.includes(basename(shown)))),
  );
}

function strayFinding({ shown: file, isDangling }: Stray): Problem {
  if (isDangling) return findingAbout("dangling-link", "points to nothing", file);
  return findingAbout("not-read", "is no configuration file, and is not read", file, "Its name would end in .conf");
}

function extraFiles({ only = [] }: LintOptions, known: readonly ConfigFile[], reader: Reader): ConfigFile[] {
  const { files } = reader.reading;
  const unknown = only.filter((path) => !files.isDirectory(path) && !known.some((file) => file.path === path));
  return unknown.flatMap((path) => singleFile(path, reader));
}

function isWanted({ place, where }: Problem, { only = [] }: LintOptions): boolean {
  if (only.length === 0) return true;
  const path = resolve(place?.file ?? where);
  return only.some((wanted) => path === wanted || path.startsWith(`${wanted}/`));
}
