import { join, resolve } from "node:path";
import { applyCommandLine, type CommandLineJson, strongJson } from "./command-line.ts";
import type { Reading } from "./findings.ts";
import { mainLoader } from "./images.ts";
import type { Loader } from "./loader.ts";
import { detectHost, distributionAt, machineFiles } from "./machine.ts";
import type { Problem, Report } from "./problems.ts";
import { readProject } from "./project.ts";
import type { ParsedSetting, ResolvedProject } from "./resolved.ts";
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
  if (options.earlier !== undefined) (await import("./earlier.ts")).applyEarlier(options.earlier, main);
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

/** The folder that has mkosi.conf, absolute: configuration may lie in a folder `mkosi` of its own within a project. */
export function configurationFolder(directory: string, files: Files = machineFiles): string | undefined {
  if (directory === "") return undefined;
  const folder = resolve(directory);
  const own = join(folder, "mkosi");
  const has = (path: string) => files.exists(join(path, "mkosi.conf")) || files.exists(join(path, "mkosi.tools.conf"));
  return !has(folder) && has(own) ? own : folder;
}
