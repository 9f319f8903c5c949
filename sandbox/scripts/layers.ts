import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import type { Metadata, PackageManager } from "../package-managers/package-manager.ts";
import type { ScriptKind } from "../protocol.ts";
import { BUILDROOT } from "../run.ts";
import { treeHash, valueHash } from "../tree/hash.ts";
import { type Layer, layer } from "../tree/layers.ts";
import { type Beside, kinds, scriptVariables } from "./kinds.ts";
import { runScripts, type ScriptHost, type ScriptRun, usesNetwork } from "./run-scripts.ts";
import { mounted, sourceInputs } from "./sources.ts";

/** How far an image has come. */
export interface Stage {
  tree: Layer;
  /** The layer with what scripts have left beside the tree so far, for later scripts and for the output. */
  beside?: Layer | undefined;
  /** Keys of the images that this one depends on: their outputs may lie among the sources. */
  images?: string[];
  /** The run of build scripts that the build directory is from. */
  built?: string;
  /** Folders with packages that scripts of other images have left: the first content of PACKAGEDIR. */
  given?: string[];
}

/** Where the image's packages come from. */
export interface Packages {
  manager: PackageManager;
  metadata: Metadata;
}

export interface ScriptLayer {
  kind: Extract<ScriptKind, "prepare" | "build" | "postinst" | "finalize">;
  /** The layer's name, where that is not the kind. */
  name?: string;
  arguments: string[];
}

/** The folder of this name that scripts left beside a tree; undefined where there is none. */
export function left(stage: Pick<Stage, "beside">, name: Beside): string | undefined {
  const path = stage.beside && join(stage.beside.folder, name);
  return path && existsSync(path) ? path : undefined;
}

/**
 * A layer of what the scripts of one kind do to the tree and leave beside it; the stage as it is where there are none.
 *
 * They run again when anything changes that they can read: themselves, their variables, the configuration, sources, the
 * tree, and what scripts before them left. What comes over the network is in no key: prepare scripts, which install
 * packages, run again when the repositories have changed, as packages do; others that are given the network run in every
 * build. What is built upon them has the key of what came of it, and so is built again only where that is new.
 */
export async function scriptLayer(
  context: Context,
  packages: Packages,
  stage: Stage,
  { kind, name = kind, arguments: words }: ScriptLayer,
): Promise<Stage> {
  const part = context.image.scripts;
  const scripts = part?.scripts[kind] ?? [];
  if (!part || scripts.length === 0) return stage;
  const flags = { withDocs: context.image.withDocs, withTests: part.withTests, withNetwork: part.withNetwork };
  const asked: ScriptRun = { kind, scripts, view: part, flags, arguments: words };
  const made = await layer(context, {
    name,
    title: `Running ${kind} scripts`,
    parent: stage.tree,
    byContent: true,
    always: kind !== "prepare" && usesNetwork(asked),
    anew: kind === "build" && (context.plan.rerunBuildScripts || context.plan.wipeBuildDirectories),
    discard: kind === "build",
    inputs: {
      ...(await commonInputs(context, asked)),
      beside: stage.beside?.key ?? (await Promise.all((stage.given ?? []).map((folder) => treeHash(folder)))),
      images: part.buildSources.some(({ outputs }) => outputs !== undefined) ? stage.images : undefined,
      // What build scripts keep there is in no layer.
      buildDirectory: kinds[kind].buildDirectory === "read-only" && part.buildDirectory ? stage.built : undefined,
      ...(kind === "prepare" ? { repositories: packages.metadata.key } : {}),
    },
    build: async (root, _devices, beside) => {
      const folders = await besideFolders(context, kind, stage, beside);
      const { manager, metadata } = packages;
      const host = hostOf(context);
      await manager.withCommands(context, metadata, (commands) =>
        runScripts(host, { ...asked, root, beside: folders, commands }),
      );
      if (kind !== "build") await manager.forgetTimes(root);
    },
  });
  if (kind === "build") return { ...stage, beside: made, built: made.made };
  return { ...stage, beside: made, tree: made };
}

export function hostOf({ image, run, emit, work, plan }: Context): ScriptHost {
  return { name: image.name, run, emit, work, owner: plan.owner };
}

/** What scripts of every kind read, for a key. */
export async function commonInputs(
  context: Context,
  { kind, scripts, view, flags, arguments: words = [] }: ScriptRun,
): Promise<Record<string, unknown>> {
  const variables = Object.entries(scriptVariables(kind, view, flags));
  return {
    scripts: await Promise.all(scripts.map(async ({ source, inImage }) => [await treeHash(mounted(source)), inImage])),
    arguments: words,
    // Hashed, because what a layer was made from is kept to explain its next rebuild.
    variables: variables.map(([name, value]) => `${name}=${valueHash(value).slice(0, 8)}`).sort(),
    settings: valueHash(view.settings),
    sources: await sourceInputs(context, view.buildSources),
  };
}

/** Folders for scripts to write into, with what earlier ones left in them. */
async function besideFolders(context: Context, kind: ScriptKind, stage: Stage, beside: string) {
  const folders: Partial<Record<Beside, string>> = {};
  for (const name of kinds[kind].beside) {
    const folder = join(beside, name);
    await mkdir(folder);
    for (const before of filledBefore(stage, name)) await copyInto(context, before, folder);
    folders[name] = folder;
  }
  return folders;
}

function filledBefore(stage: Stage, name: Beside): string[] {
  if (name === "dest") return [];
  if (!stage.beside) return name === "packages" ? (stage.given ?? []) : [];
  const path = left(stage, name);
  return path ? [path] : [];
}

/** What scripts left is theirs, with owners and attributes. */
async function copyInto(context: Context, from: string, to: string): Promise<void> {
  const binds = [{ source: from, target: "/source", readOnly: true }];
  await context.run(["cp", "--archive", "--no-target-directory", "--", "/source", BUILDROOT], { root: to, binds });
}
