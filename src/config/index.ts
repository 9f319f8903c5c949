import { join, resolve } from "node:path";
import { applyCommandLine, applyEarlier, type CommandLineJson, strongJson } from "./command-line.ts";
import { dependencyOrder } from "./dependencies.ts";
import type { Reading } from "./findings.ts";
import { loadDefaultInitrd, loadDefaultTools, loadSubimages, mainLoader } from "./images.ts";
import { type Loader, loadFolder, loadIncludes } from "./load.ts";
import { detectHost, distributionAt, machineFiles } from "./machine.ts";
import type { Problem, Report } from "./problems.ts";
import { type Draft, draftOf } from "./resolve.ts";
import type { ParsedSetting, ResolvedImage, ResolvedProject } from "./resolved.ts";
import { ToolsTree } from "./settings/build.ts";
import { Dependencies } from "./settings/config.ts";
import type { Host } from "./settings/setting.ts";
import { configError, type Files } from "./values/value-type.ts";

export type { CommandLineJson } from "./command-line.ts";
export type { Problem } from "./problems.ts";
export type { Origin, ParsedSetting, ResolvedImage, ResolvedProject } from "./resolved.ts";
export { type Config, type SettingName, settings } from "./settings/index.ts";
export type { Setting } from "./settings/setting.ts";

export interface LoadOptions {
  /** The folder to work in, as the user wrote it; messages name files as paths that start with it. Empty: read no files. */
  directory: string;
  arguments: readonly ParsedSetting[];
  /** Settings of an earlier command line, as `commandLineJson` gave them. They win over `arguments`. */
  earlier?: CommandLineJson;
  environment: Readonly<Record<string, string | undefined>>;
  /** What machine this is; for tests. */
  host?: Host;
  /** The file system; for tests, and for editors, which have newer text than it. */
  files?: Files;
  /** Takes every problem, errors as well, in place of the first error being thrown. */
  report?: Report;
}

/**
 * Reads the configuration of `directory`, or of its folder `mkosi` where that is where mkosi.conf is, with the command
 * line over it: the main image, its subimages, and the default initrd and tools tree where they are asked for.
 * Throws UserError with exit code 2 for anything wrong in it.
 */
export async function loadConfig(options: LoadOptions): Promise<ResolvedProject> {
  const problems: Problem[] = [];
  const main = openMain(options, problems);
  applyCommandLine(options.arguments, main);
  applyEarlier(options.earlier ?? {}, main);
  return readProject(main, configurationFolder(options.directory, options.files), problems);
}

/** The settings of a command line by itself, to give to a later `loadConfig` as `earlier`. */
export function commandLineJson(options: Omit<LoadOptions, "earlier" | "report">): CommandLineJson {
  const main = openMain(options, []);
  applyCommandLine(options.arguments, main);
  return strongJson(main);
}

/** Nothing is read yet. */
function openMain(options: LoadOptions, problems: Problem[]): Loader {
  const { environment, files = machineFiles } = options;
  if (options.directory !== "" && !files.isDirectory(resolve(options.directory))) {
    throw configError("directory-not-found", `The directory ${options.directory} does not exist`);
  }
  const reading: Reading = {
    files,
    environment,
    directory: options.directory,
    report: collector(problems, options.report),
    lenient: options.report !== undefined,
    parsed: new Map(),
  };
  return mainLoader(reading, {
    workingDirectory: resolve(options.directory),
    host: options.host ?? detectHost(environment),
    distributionAt: (root) => distributionAt(root, files),
    exists: files.exists,
    environment,
  });
}

/**
 * The kernel modules that `default` stands for, for an architecture: those of the built-in initrd. Distributions do not
 * differ in them.
 */
export async function defaultKernelModules(architecture: string): Promise<readonly string[]> {
  const raw = "Include=mkosi-initrd";
  const { main } = await loadConfig({
    directory: "",
    arguments: [
      { name: "Architecture", value: architecture, source: "command line", raw },
      { name: "Include", value: "mkosi-initrd", source: "command line", raw },
    ],
    environment: {},
  });
  return main.config.KernelModules;
}

/** Each problem once: files that several images include would repeat theirs. */
function collector(problems: Problem[], report: Report | undefined): Report {
  const seen = new Set<string>();
  return (problem) => {
    const key = `${problem.where}\0${problem.code}\0${problem.message}`;
    if (seen.has(key)) return;
    seen.add(key);
    problems.push(problem);
    report?.(problem);
  };
}

function readProject(main: Loader, folder: string | undefined, problems: Problem[]): ResolvedProject {
  const { workingDirectory } = main.values.surroundings;
  loadIncludes(workingDirectory, main);
  // As in the reference, files that the command line includes are not among those of the configuration.
  main.read.length = 0;
  if (folder !== undefined) loadFolder(folder, main, { local: true, profiles: true });
  const project = draftOf(main);
  const toolsTree = project.config.ToolsTree;
  const tools = toolsTree === "default" || toolsTree === "yes" ? draftOf(loadDefaultTools(folder, main)) : undefined;
  project.config.ToolsTree = tools === undefined ? (toolsTree === "no" ? undefined : toolsTree) : outputPath(tools);
  main.values.put("strong", ToolsTree, project.config.ToolsTree, project.origins.ToolsTree ?? []);
  const subimages = (folder === undefined ? [] : loadSubimages(folder, main)).map(draftOf);
  if (main.values.layerOf(Dependencies) === "default") {
    project.config.Dependencies = subimages.map(({ image }) => image);
  }
  const initrd = withDefaultInitrd([...subimages, project], () => draftOf(loadDefaultInitrd(folder, main)));
  const images = [...dependencyOrder([...subimages, ...initrd], project), project];
  return {
    directory: folder ?? workingDirectory,
    workingDirectory,
    images: images as ResolvedImage[],
    main: project as ResolvedImage,
    tools: tools as ResolvedImage | undefined,
    problems,
  };
}

/** Puts the initrd's output in the place of the word `default`. The result has the initrd, where one is needed. */
function withDefaultInitrd(images: Draft[], load: () => Draft): Draft[] {
  const asking = images.filter(({ config }) => config.Initrds.includes("default"));
  if (asking.length === 0) return [];
  const initrd = load();
  for (const { config } of asking) {
    config.Initrds = config.Initrds.map((path) => (path === "default" ? outputPath(initrd) : path));
    config.Dependencies = [...config.Dependencies, initrd.image];
  }
  return [initrd];
}

/** Where an image's output goes, without extensions, as the reference names it in other settings. */
function outputPath({ config, workingDirectory }: Draft): string {
  return join(config.OutputDirectory ?? workingDirectory, config.Output);
}

/** The folder that has mkosi.conf, absolute: configuration may lie in a folder `mkosi` of its own within a project. */
export function configurationFolder(directory: string, files: Files = machineFiles): string | undefined {
  if (directory === "") return undefined;
  const folder = resolve(directory);
  const own = join(folder, "mkosi");
  const has = (path: string) => files.exists(join(path, "mkosi.conf")) || files.exists(join(path, "mkosi.tools.conf"));
  return !has(folder) && has(own) ? own : folder;
}
