import type { ResolvedProject } from "../config/index.ts";

/** Names of the images that have configure scripts. */
export function configurable({ images }: Pick<ResolvedProject, "images">): string[] {
  return images.filter(({ config }) => config.ConfigureScripts.length > 0).map(({ image }) => image);
}
