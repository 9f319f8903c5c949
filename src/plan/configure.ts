import { type ConfigurePlan, PROTOCOL_VERSION } from "../../sandbox/protocol.ts";
import type { ResolvedImage, ResolvedProject } from "../config/index.ts";
import { imageJson } from "../config/json.ts";
import { architectures } from "../distributions/architectures.ts";
import { configurable } from "./configurable.ts";
import { defined, type ScriptOptions, scriptEnvironment } from "./script-environment.ts";
import { type SourceMount, Sources } from "./sources.ts";

/** One run of all configure scripts of all images. Throws what `read` throws. */
export function configurePlan(
  project: ResolvedProject,
  options: ScriptOptions,
): { plan: ConfigurePlan; mounts: SourceMount[] } {
  const sources = new Sources(project.workingDirectory);
  const names = configurable(project);
  const images = project.images.filter(({ image }) => names.includes(image));
  const plan: ConfigurePlan = {
    version: PROTOCOL_VERSION,
    kind: "configure",
    images: images.map((image) => imagePart(image, sources, options)),
  };
  return { plan, mounts: sources.mounts };
}

function imagePart(resolved: ResolvedImage, sources: Sources, options: ScriptOptions) {
  const { image, config } = resolved;
  const architecture = architectures.find(({ name }) => name === config.Architecture);
  return {
    name: image,
    settings: imageJson(resolved),
    environment: { ...defined({ QEMU_ARCHITECTURE: architecture?.qemu }), ...scriptEnvironment(resolved, options) },
    sources: sources.addTrees(`${image}-source`, config.BuildSources),
    scripts: config.ConfigureScripts.map((path) => ({
      source: sources.add(`${image}-configure`, path),
      file: options.shown(path),
    })),
  };
}
