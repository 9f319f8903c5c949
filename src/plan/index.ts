import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { BuildPlan, PROTOCOL_VERSION } from "../../sandbox/protocol.ts";
import type { ResolvedImage, ResolvedProject } from "../config/index.ts";
import { machineFiles } from "../config/machine.ts";
import type { DebianMirror } from "../distributions/mirror.ts";
import { refuseCollisions } from "./collisions.ts";
import { hasOutput, imagePlan, outputFile, outputNames } from "./image/index.ts";
import type { Delivered } from "./image/options.ts";
import { loadedModules, type Machine, processorOf, unknownMachine } from "./machine.ts";
import { Outputs } from "./outputs.ts";
import type { ScriptOptions } from "./script-environment.ts";
import { type SourceMount, Sources } from "./sources.ts";

export type { SourceMount } from "./sources.ts";

export interface PlanOptions {
  /** Content hash of the tools image. */
  toolsKey: string;
  /** Name of this build, in the store and in logs. */
  build: string;
  /** As counted on the command line: 1 replaces outputs, 2 rebuilds cached layers too, 3 fetches packages anew. */
  force: number;
  /** `--debug-shell`, on a terminal. */
  debugShell?: boolean;
  /** `--rerun-build-scripts`. */
  rerunBuildScripts?: boolean;
  /** `--wipe-build-dir`; two `--force` do it too. */
  wipeBuildDirectories?: boolean;
  /** The caller's ids, where the engine is rootful. */
  owner?: { uid: number; gid: number } | undefined;
  explain: boolean;
  /** In place of Debian's public mirror, where Mirror= is not set. */
  mirror?: DebianMirror | undefined;
  /** The user's file of registries' credentials; absolute. */
  credentials?: string | undefined;
  /** What `default` stands for among kernel modules, where the project has no default initrd that says it. */
  defaultModules?: () => readonly string[];
  /** Read only where a setting asks for it. */
  machine?: () => Machine;
  /** What scripts see of the one who starts the build. */
  scripting?: Partial<ScriptOptions>;
}

export interface PlannedBuild {
  plan: BuildPlan;
  /** What is mounted read-only into the container, by the names that the plan uses. */
  mounts: SourceMount[];
  /** Absolute; may not exist yet. */
  outputDirectory: string;
}

const DEFAULT_INITRD = "default-initrd";

/** Turns a resolved project into the plan of its build, with all its images in their order. Pure. */
export function makePlan(project: ResolvedProject, options: PlanOptions): PlannedBuild {
  const produced = new Outputs(project);
  const sources = new Sources(project.workingDirectory, {
    credentials: options.credentials,
    find: (path) => produced.find(path),
  });
  const { toolsKey, build, force, owner, explain, wipeBuildDirectories, rerunBuildScripts, debugShell } = options;
  const requireCache = rerunBuildScripts === true || project.main.config.Incremental === "strict";
  refuseCollisions(project.images.filter(isDelivered));
  const plan = BuildPlan.parse({
    version: PROTOCOL_VERSION,
    kind: "build",
    tools: toolsKey,
    images: imagePlans(project, { sources, produced }, options).map((image) =>
      // As in mkosi, nothing is newer than a cache that has to do.
      requireCache && image.cacheOnly === "auto" ? { ...image, cacheOnly: "metadata" as const } : image,
    ),
    outputSources: sources.outputs,
    build,
    project: projectId(project),
    rebuild: force >= 3 ? "all" : force === 2 ? "layers" : "none",
    requireCache,
    rerunBuildScripts: rerunBuildScripts === true,
    wipeBuildDirectories: wipeBuildDirectories === true || force >= 2,
    force: force > 0,
    owner,
    debugShell: debugShell === true,
    explain,
  });
  return { plan, mounts: sources.mounts, outputDirectory: outputDirectoryOf(project) };
}

interface Known {
  sources: Sources;
  /** What the images planned so far make. */
  produced: Outputs;
}

function imagePlans(project: ResolvedProject, { sources, produced }: Known, options: PlanOptions) {
  const { mirror, defaultModules = () => [], machine = unknownMachine, owner } = options;
  const scripting = { ...unknownStarter, caller: owner ?? unknownStarter.caller, ...options.scripting };
  const delivered = deliveredBy(project);
  const initrd = project.images.find(({ image }) => image === DEFAULT_INITRD);
  const defaults = initrd === undefined ? defaultModules : () => initrd.config.KernelModules;
  const moduleWords = { defaults, host: () => loadedModules(machine()) };
  const processor = () => processorOf(machine());
  const outputs = new Map<string, string>();
  return project.images.map((image) => {
    const deliver = isDelivered(image);
    const common = { mirror, sources, produced, outputs, scripting, delivered };
    const plan = imagePlan(image, { ...common, moduleWords, processor, deliver });
    for (const path of outputPaths(image, project)) outputs.set(path, image.image);
    produced.add(image);
    return plan;
  });
}

/** In a rootless engine the container's root is the caller. */
const unknownStarter: ScriptOptions = {
  caller: { uid: 0, gid: 0 },
  debug: false,
  arguments: [],
  environment: {},
  read: machineFiles.read,
  shown: (path) => path,
};

export function deliveredBy(project: ResolvedProject): Delivered {
  const names = project.images.filter(isDelivered).flatMap(({ config }) => outputNames(config));
  return { folder: outputDirectoryOf(project), alone: project.main.config.OutputDirectory !== undefined, names };
}

/** The default initrd only goes into other images. */
export function isDelivered({ image }: Pick<ResolvedImage, "image">): boolean {
  return image !== DEFAULT_INITRD;
}

/** Other settings name an image's output with or without its extensions. */
function outputPaths({ config }: ResolvedImage, { directory }: ResolvedProject): string[] {
  if (!hasOutput(config)) return [];
  const folder = config.OutputDirectory ?? directory;
  return [join(folder, config.Output), join(folder, outputFile(config))];
}

/** Names a configuration's folder without telling it. */
export function projectId({ directory }: Pick<ResolvedProject, "directory">): string {
  return createHash("sha256").update(directory).digest("hex").slice(0, 16);
}

/** Where outputs go: OutputDirectory=, else the folder of the configuration. Absolute. */
export function outputDirectoryOf({ main, directory }: ResolvedProject): string {
  return resolve(directory, main.config.OutputDirectory ?? "");
}
