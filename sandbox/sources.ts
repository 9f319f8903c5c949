/**
 * Where the files and folders lie that a plan names. Those of the user are mounted; those that an image of the same build
 * makes are there once `outputSource` has given them.
 */
import { lstat, mkdir, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BuildError } from "./errors.ts";
import { type BuildPlan, type OutputSource, SOURCES_PATH } from "./protocol.ts";
import type { Artifact } from "./steps/artifact.ts";
import type { Layer } from "./tree/layers.ts";
import { sourceHash } from "./tree/source-hash.ts";

/** What the build of an image comes to. */
export interface Built {
  artifact: Artifact;
  /** The finished tree. */
  tree: Layer;
  /** Folders of packages that scripts left for other images. */
  packages: string[];
}

/** An image's output as the source of another image. */
export interface ProducedSource {
  /** Hash of what it is made of. */
  key: string;
  /** The tree, where the output is nothing else: in the format `directory`. */
  tree?: Layer;
}

const produced = new Map<string, Promise<ProducedSource>>();

/** The source of this name, once the image that makes it is built; undefined for a mounted one. */
export function outputSource(name: string): Promise<ProducedSource> | undefined {
  return produced.get(name);
}

export function sourcePath(name: string): string {
  return join(SOURCES_PATH, name);
}

/** Gives the sources that come from an image their place, once that is built. */
export function provideSources(plan: BuildPlan, image: string, built: Promise<Built>): void {
  const format = plan.images.find(({ name }) => name === image)?.format;
  for (const source of plan.outputSources.filter((each) => each.image === image)) {
    const ready = built.then((result) => provide(source, result, format === "directory"));
    // Whoever waits for it hears of the failure; where nobody does yet, it is no unhandled one.
    ready.catch(() => undefined);
    produced.set(source.name, ready);
  }
}

async function provide({ name, image, file }: OutputSource, built: Built, isTree: boolean): Promise<ProducedSource> {
  const { key, path } = built.artifact;
  const target = file === undefined ? path : join(dirname(path), file);
  const there = await lstat(target).catch(() => undefined);
  if (!there)
    throw new BuildError("output-missing", `the image ${image} does not make ${file}`, {
      hint: "Another image names it as its input: look at Format=, CompressOutput= and SplitArtifacts= of the image that should make it.",
    });
  const link = sourcePath(name);
  await mkdir(dirname(link), { recursive: true });
  await rm(link, { force: true });
  await symlink(target, link);
  if (file !== undefined) return { key: await sourceHash(target) };
  return { key, ...(isTree ? { tree: built.tree } : {}) };
}
