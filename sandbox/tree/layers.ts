import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { BuildError, quote } from "../errors.ts";
import { step } from "../events.ts";
import { BUILDROOT } from "../run.ts";
import { lookUp, publish, publishJson, readJson } from "../store.ts";
import { type DeviceNode, readDevices, writeDevices } from "./device-nodes.ts";
import { valueHash } from "./hash.ts";
import { mountOverlay } from "./overlay.ts";

/** A sealed layer on the volume, with all that are below it. */
export interface Layer {
  key: string;
  /** Names the run of the recipe that made it, whatever came of it. */
  made: string;
  /** Where the layer lies; beside its tree is what the recipe left there. */
  folder: string;
  /** What it adds to its parent. */
  top: string;
  /** The trees of this layer and of those below it, topmost first. */
  stack: string[];
  /** The folder `kept` of this layer, or of the nearest below it that has one: what the tree lost, and its output needs. */
  kept: string | undefined;
}

export interface LayerRecipe {
  /** `base`, `packages`, `system`. */
  name: string;
  title: string;
  parent?: Layer | undefined;
  /** Everything that `build` reads beside the parent: by name, so that a rebuild can be explained. */
  inputs: Record<string, unknown>;
  /** Its key is that of what came of it, so that nothing is built again upon a layer that turned out as it was before. */
  byContent?: boolean;
  /** What the volume has of this key is not trusted, and replaced. */
  anew?: boolean;
  /** What it depends on cannot be known beforehand: it is built every time. Goes with `byContent`. */
  always?: boolean;
  /** The tree is only worked in: what is written into it goes, and the layer is what `build` leaves beside it. */
  discard?: boolean;
  /**
   * Writes into the tree mounted at `root`. Of device nodes, which no tree holds, it is given the parent's list to change.
   * Folders that it makes in `beside` are sealed with the tree.
   */
  build: (root: string, devices: DeviceNode[], beside: string) => Promise<void>;
}

/** Returns the layer of this key, built only where it is not there. Nothing but the key decides that. */
export async function layer(context: Context, recipe: LayerRecipe): Promise<Layer> {
  // What tools see is an input of all that they do.
  const sandbox = context.sandbox ? { sandbox: context.sandbox.key } : {};
  const inputs = { ...recipe.inputs, parent: recipe.parent?.key ?? "", epoch: context.epoch, ...sandbox };
  const key = valueHash({ layer: recipe.name, inputs }).slice(0, 32);
  const anew = recipe.always || isAnew(context, recipe);
  const found = anew ? undefined : await lookUp("layers", key);
  const changed = found ? [] : await changes(context, recipe.name, inputs);
  const { image, emit } = context;
  if (!found && context.plan.requireCache && INCREMENTAL.includes(recipe.name))
    throw outOfDate(context, recipe, changed);
  emit({ type: "layer", image: image.name, layer: recipe.name, key, cached: found !== undefined, changed });
  const make = () => step(emit, image.name, recipe.title, () => build(context, recipe, key));
  const path = found ?? (await context.share(`layer ${key}`, make));
  await publishJson("latest", latestName(context, recipe.name), { key, inputs });
  const top = join(path, "tree");
  return {
    key: recipe.byContent ? await readFile(join(path, CONTENT), "utf8") : key,
    made: recipe.always ? randomUUID() : key,
    folder: path,
    top,
    stack: [top, ...(recipe.parent?.stack ?? [])],
    kept: existsSync(join(path, KEPT)) ? join(path, KEPT) : recipe.parent?.kept,
  };
}

function isAnew({ plan }: Context, { anew }: LayerRecipe): boolean {
  return anew === true || plan.rebuild !== "none";
}

/** The folder beside a layer's tree with what later steps need although the tree does not keep it. */
export const KEPT = "kept";

/** Layers that Incremental= is about: what packages and prepare scripts make, before the user's sources are built. */
const INCREMENTAL = ["base", "packages", "prepare", "build-packages", "build-prepare"];

function outOfDate({ image }: Context, { name }: LayerRecipe, changed: string[]): BuildError {
  const why = changed.length > 0 ? `: ${changed.join("; ")}` : "";
  return new BuildError(
    "cache-out-of-date",
    `the cache of the image ${image.name} is out of date at its layer ${name}${why}`,
    {
      hint: "Build once with --incremental=yes, without --rerun-build-scripts.",
    },
  );
}

/** The file beside a layer's tree that holds the key of its content. */
const CONTENT = "content";

/** Returns where the layer lies now. */
async function build(context: Context, recipe: LayerRecipe, key: string): Promise<string> {
  const folder = join(context.work, `layer-${recipe.name}`);
  const overlay = await mountOverlay(recipe.parent?.stack ?? [], folder);
  const sealed = join(folder, "sealed");
  await mkdir(sealed);
  const devices = readDevices(recipe.parent?.stack ?? []);
  const before = valueHash(devices);
  try {
    await recipe.build(overlay.root, devices, sealed);
  } finally {
    await overlay.unmount();
  }
  if (recipe.discard) await mkdir(join(sealed, "tree"));
  else await rename(overlay.upper, join(sealed, "tree"));
  if (valueHash(devices) !== before) await writeDevices(sealed, devices);
  await clampTimes(context, sealed);
  const content = recipe.byContent ? await contentKey(context, recipe, sealed) : undefined;
  if (content) await writeFile(join(sealed, CONTENT), content);
  const path = await publish(sealed, "layers", (recipe.always && content) || key, isAnew(context, recipe));
  await rm(folder, { recursive: true, force: true });
  return path;
}

/**
 * No file of a layer is younger than the epoch, so that neither the clock nor a cached layer shows in an output. Folders
 * all have the epoch's time: packages are unpacked at the same time, and which is the last one in a folder is chance.
 */
async function clampTimes(context: Context, tree: string): Promise<void> {
  const date = `@${context.epoch}`;
  const touch = ["-exec", "touch", "--no-dereference", `--date=${date}`, "{}", "+"];
  await context.run(["find", BUILDROOT, "(", "-type", "d", "-o", "-newermt", date, ")", ...touch], { root: tree });
}

/** What the kernel notes of one overlay: the ids of its mount and of files that were copied up (overlayfs.rst of the kernel). */
const NOTES = ["uuid", "origin", "impure"].map((name) => `--xattrs-exclude=user.overlay.${name}`);

/** With owners, times and attributes, as a layer has them. The archive goes through a pipe: it may be large. */
async function contentKey(context: Context, { name, parent }: LayerRecipe, sealed: string): Promise<string> {
  const pax = [
    "--format=pax",
    "--pax-option=delete=atime,delete=ctime",
    "--numeric-owner",
    "--xattrs",
    "--xattrs-include=*",
    ...NOTES,
  ];
  const tar = quote(["tar", "--create", "--sort=name", ...pax, "--directory", BUILDROOT, "."]);
  const argv = ["bash", "-o", "pipefail", "-c", `${tar} | sha256sum`];
  const { stdout } = await context.run(argv, { root: sealed, rootReadOnly: true, stdout: "capture" });
  return valueHash({ layer: name, parent: parent?.key ?? "", content: stdout.slice(0, 64) }).slice(0, 32);
}

type Inputs = Record<string, unknown>;

/** What differs from the inputs that the image's layer of this name was last built from. */
async function changes(context: Context, name: string, inputs: Inputs): Promise<string[]> {
  const latest = await readJson<{ inputs: Inputs }>("latest", latestName(context, name));
  return latest ? explainChanges(latest.inputs, inputs) : [];
}

/** One line for each input that differs: what a list gained and lost, else the input's name. */
export function explainChanges(before: Inputs, after: Inputs): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((name) => {
    const [old, now] = [before[name], after[name]];
    if (valueHash(old ?? null) === valueHash(now ?? null)) return [];
    if (!Array.isArray(old) || !Array.isArray(now)) return [name];
    const gained = now.filter((item) => !old.includes(item)).map((item) => `+${describe(item)}`);
    const lost = old.filter((item) => !now.includes(item)).map((item) => `-${describe(item)}`);
    return [`${name}: ${[...gained, ...lost].join(" ") || "order"}`];
  });
}

function describe(item: unknown): string {
  return typeof item === "string" ? item : JSON.stringify(item);
}

/** Under which the keys of the layer that was used last are kept. */
export function latestName({ plan, image }: Pick<Context, "plan" | "image">, layerName: string): string {
  return `${plan.project}-${image.output}-${image.name}-${layerName}`;
}
