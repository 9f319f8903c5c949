import type { ResolvedImage } from "../../config/index.ts";
import { userEnvironment } from "../script-environment.ts";
import type { ImageOptions } from "./options.ts";

export function contentPart({ config, image }: ResolvedImage, { sources, scripting }: ImageOptions) {
  return {
    packages: config.Packages,
    removePackages: config.RemovePackages,
    withDocs: config.WithDocs,
    withRecommends: config.WithRecommends,
    environment: userEnvironment({ config }, scripting),
    skeletonTrees: sources.addTrees(`${image}-skeleton`, config.SkeletonTrees),
    extraTrees: sources.addTrees(`${image}-extra`, config.ExtraTrees),
    removeFiles: config.RemoveFiles,
    cleanPackageMetadata: config.CleanPackageMetadata,
  };
}
