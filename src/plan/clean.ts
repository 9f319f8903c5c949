import { type CleanPlan, PROTOCOL_VERSION } from "../../sandbox/protocol.ts";
import type { ResolvedProject } from "../config/index.ts";
import { buildSubdirectory } from "../config/json.ts";
import { outputNames } from "./image/index.ts";
import { scriptList, scriptView } from "./image/scripts.ts";
import { deliveredBy, isDelivered, projectId } from "./index.ts";
import type { ScriptOptions } from "./script-environment.ts";
import { type SourceMount, Sources } from "./sources.ts";

export interface CleanOptions {
  what: CleanPlan["what"];
  /** Build directories are emptied as well. */
  wipeBuildDirectories: boolean;
  scripting: ScriptOptions;
  exists: (path: string) => boolean;
}

/** What `clean` does in a container. Throws what reading EnvironmentFiles= throws. */
export function cleanPlan(project: ResolvedProject, options: CleanOptions): { plan: CleanPlan; mounts: SourceMount[] } {
  const sources = new Sources(project.workingDirectory);
  const { what, scripting } = options;
  const delivered = deliveredBy(project);
  const withScripts = project.images.filter(({ config }) => config.CleanScripts.length > 0);
  const plan: CleanPlan = {
    version: PROTOCOL_VERSION,
    kind: "clean",
    what,
    project: projectId(project),
    images: project.images
      .filter(isDelivered)
      .map(({ config }) => ({ output: config.Output, files: outputNames(config) })),
    scripts: withScripts.map((resolved) => ({
      name: resolved.image,
      ...scriptView(resolved, { sources, scripting, delivered, writable: true }),
      scripts: scriptList(resolved.image, "clean", resolved.config.CleanScripts, { sources, scripting }),
    })),
    buildDirectories: buildDirectories(project, options).map((path) => sources.writable("builddir", path)),
  };
  return { plan, mounts: sources.mounts };
}

function buildDirectories({ images }: ResolvedProject, { wipeBuildDirectories, exists }: CleanOptions): string[] {
  if (!wipeBuildDirectories) return [];
  const folders = images.flatMap(({ image, config }) => buildSubdirectory(image, config).BuildSubdirectory ?? []);
  return [...new Set(folders)].filter(exists);
}
