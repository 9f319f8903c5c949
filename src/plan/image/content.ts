import { basename } from "node:path";
import type { Tree } from "../../../sandbox/protocol.ts";
import type { Config, ResolvedImage } from "../../config/index.ts";
import { isOciReference } from "../../config/values/oci-reference.ts";
import type { ConfigTree } from "../../config/values/paths.ts";
import { type Format, formats } from "../../formats/index.ts";
import { userEnvironment } from "../script-environment.ts";
import type { Sources } from "../sources.ts";
import type { ImageOptions } from "./options.ts";

export function contentPart({ config, image }: ResolvedImage, { sources, scripting }: ImageOptions) {
  return {
    base: baseOf(config),
    baseTrees: config.BaseTrees.map((path) =>
      isOciReference(path) ? sources.oci(`${image}-base`, path) : sources.source(`${image}-base`, path),
    ),
    overlay: config.Overlay,
    partial: config.Overlay || isExtension(config),
    ...packageLists(config, image, sources),
    packageDirectories: [...config.PackageDirectories, ...config.VolatilePackageDirectories].map((path) =>
      sources.source("packages", path),
    ),
    sandboxTrees: copies("sandbox", config.SandboxTrees, sources),
    removePackages: config.RemovePackages,
    withDocs: config.WithDocs,
    withRecommends: config.WithRecommends,
    environment: userEnvironment({ config }, scripting),
    skeletonTrees: copies(`${image}-skeleton`, config.SkeletonTrees, sources),
    extraTrees: copies(`${image}-extra`, config.ExtraTrees, sources),
    removeFiles: config.RemoveFiles,
    cleanPackageMetadata: config.CleanPackageMetadata,
  };
}

/** What is named by a file is no name for the package manager. */
function packageLists({ Packages, VolatilePackages }: Config, image: string, sources: Sources) {
  const files = (names: readonly string[]) =>
    names.filter(isFile).map((path) => sources.source(`${image}-package`, path));
  return {
    packages: Packages.filter((name) => !isFile(name)),
    volatilePackages: VolatilePackages.filter((name) => !isFile(name)),
    packageFiles: files(Packages),
    volatilePackageFiles: files(VolatilePackages),
  };
}

function isFile(name: string): boolean {
  return name.includes("/") && /\.d?deb$/.test(name);
}

/** With the names that files keep. */
function copies(prefix: string, trees: readonly ConfigTree[], sources: Sources): Tree[] {
  const named = trees.map(({ source }) => basename(source));
  return sources.addTrees(prefix, trees).map((tree, index) => ({ ...tree, name: named[index] }));
}

/** As in the reference, what extends another image brings no operating system of its own. */
function baseOf(config: Config): "distribution" | "trees" | "nothing" {
  if (config.BaseTrees.length > 0) return "trees";
  return isExtension(config) ? "nothing" : "distribution";
}

function isExtension(config: Config): boolean {
  const format: Format = formats[config.Format];
  return format.extends === true;
}
