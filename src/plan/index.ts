import { createHash } from "node:crypto";
import { BuildPlan, PROTOCOL_VERSION } from "../../sandbox/protocol.ts";
import type { ResolvedConfig } from "../config/index.ts";
import type { DebianMirror } from "../distributions/mirror.ts";
import { type ImageOptions, imagePlan } from "./image.ts";
import { type SourceMount, Sources } from "./sources.ts";

export type { SourceMount } from "./sources.ts";

export interface PlanOptions {
  /** Content hash of the tools image. */
  toolsKey: string;
  /** Name of this build, in the store and in logs. */
  build: string;
  /** As counted on the command line: 1 replaces outputs, 2 rebuilds cached layers too, 3 fetches packages anew. */
  force: number;
  /** The caller's ids, where the engine is rootful. */
  owner?: { uid: number; gid: number } | undefined;
  explain: boolean;
  /** In place of Debian's public mirror, where Mirror= is not set. */
  mirror?: DebianMirror | undefined;
}

export interface PlannedBuild {
  plan: BuildPlan;
  /** What is mounted read-only into the container, by the names that the plan uses. */
  mounts: SourceMount[];
  /** Absolute; may not exist yet. */
  outputDirectory: string;
}

/** Turns a resolved configuration into the plan of its build: the default initrd first where it is needed. Pure. */
export function makePlan(resolved: ResolvedConfig, options: PlanOptions): PlannedBuild {
  const sources = new Sources();
  const initrd = resolved.config.Initrds.includes("default") ? resolved.defaultInitrd : undefined;
  const imageOptions: ImageOptions = {
    mirror: options.mirror,
    sources,
    defaultInitrd: resolved.defaultInitrd?.image ?? "",
    defaultModules: resolved.defaultInitrd?.config.KernelInitrdModules ?? [],
    deliver: false,
  };
  const { toolsKey, build, force, owner, explain } = options;
  const plan = BuildPlan.parse({
    version: PROTOCOL_VERSION,
    kind: "build",
    tools: toolsKey,
    images: [
      ...(initrd === undefined ? [] : [imagePlan(initrd, imageOptions)]),
      imagePlan(resolved, { ...imageOptions, deliver: true }),
    ],
    build,
    project: projectId(resolved),
    rebuild: force >= 3 ? "all" : force === 2 ? "layers" : "none",
    force: force > 0,
    owner,
    explain,
  });
  return { plan, mounts: sources.mounts, outputDirectory: outputDirectoryOf(resolved) };
}

/** Names a configuration's folder without telling it. */
export function projectId({ directory }: ResolvedConfig): string {
  return createHash("sha256").update(directory).digest("hex").slice(0, 16);
}

/** Where outputs go: OutputDirectory=, else the folder of the configuration. Absolute. */
export function outputDirectoryOf({ config, directory }: ResolvedConfig): string {
  return config.OutputDirectory ?? directory;
}
