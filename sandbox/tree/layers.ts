import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { step } from "../events.ts";
import { BUILDROOT } from "../run.ts";
import { lookUp, publish, publishJson, readJson } from "../store.ts";
import { type DeviceNode, readDevices, writeDevices } from "./device-nodes.ts";
import { valueHash } from "./hash.ts";
import { mountOverlay } from "./overlay.ts";

/** A sealed layer on the volume, with all that are below it. */
export interface Layer {
  key: string;
  /** What it adds to its parent. */
  top: string;
  /** The trees of this layer and of those below it, topmost first. */
  stack: string[];
}

export interface LayerRecipe {
  /** `base`, `packages`, `system`. */
  name: string;
  title: string;
  parent?: Layer | undefined;
  /** Everything that `build` reads beside the parent: by name, so that a rebuild can be explained. */
  inputs: Record<string, unknown>;
  /** Writes into the tree mounted at `root`. Of device nodes, which no tree holds, it is given the parent's list to change. */
  build: (root: string, devices: DeviceNode[]) => Promise<void>;
}

/** Returns the layer of this key, built only where it is not there. Nothing but the key decides that. */
export async function layer(context: Context, recipe: LayerRecipe): Promise<Layer> {
  const inputs = { ...recipe.inputs, parent: recipe.parent?.key ?? "", epoch: context.epoch };
  const key = valueHash({ layer: recipe.name, inputs }).slice(0, 32);
  const found = context.plan.rebuild === "none" ? await lookUp("layers", key) : undefined;
  const changed = found ? [] : await changes(context, recipe.name, inputs);
  const { image, emit } = context;
  emit({ type: "layer", image: image.name, layer: recipe.name, key, cached: found !== undefined, changed });
  const make = () => step(emit, image.name, recipe.title, () => build(context, recipe, key));
  const path = found ?? (await context.share(`layer ${key}`, make));
  await publishJson("latest", latestName(context, recipe.name), { key, inputs });
  const top = join(path, "tree");
  return { key, top, stack: [top, ...(recipe.parent?.stack ?? [])] };
}

async function build(context: Context, recipe: LayerRecipe, key: string): Promise<string> {
  const folder = join(context.work, `layer-${recipe.name}`);
  const overlay = await mountOverlay(recipe.parent?.stack ?? [], folder);
  const devices = readDevices(recipe.parent?.stack ?? []);
  const before = valueHash(devices);
  try {
    await recipe.build(overlay.root, devices);
  } finally {
    await overlay.unmount();
  }
  await clampTimes(context, overlay.upper);
  const sealed = join(folder, "sealed");
  await mkdir(sealed);
  await rename(overlay.upper, join(sealed, "tree"));
  if (valueHash(devices) !== before) await writeDevices(sealed, devices);
  const path = await publish(sealed, "layers", key, context.plan.rebuild !== "none");
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

function latestName(context: Context, layerName: string): string {
  const { plan, image } = context;
  return `${plan.project}-${image.output}-${image.name}-${layerName}`;
}
