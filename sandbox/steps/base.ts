import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import type { Metadata, Package, PackageManager } from "../package-managers/package-manager.ts";
import { inputs } from "../tree/inputs.ts";
import { type Layer, layer } from "../tree/layers.ts";
import { baseTrees } from "./base-trees.ts";
import { copyTrees } from "./trees.ts";

/** What the tree begins with, and the user's skeleton: of the distribution, of base trees, or of nothing else. */
export async function baseLayer(context: Context, manager: PackageManager, metadata: Metadata): Promise<Layer> {
  if (context.image.base === "distribution")
    return distributionLayer(context, manager, await manager.resolveBase(context, metadata));
  const trees = await baseTrees(context);
  if (trees && context.image.skeletonTrees.length === 0) return trees;
  return skeletonLayer(context, trees);
}

/** The user's files before any package is installed. */
async function skeletonLayer(context: Context, parent: Layer | undefined): Promise<Layer> {
  const { skeletonTrees } = context.image;
  return layer(context, {
    name: "skeleton",
    title: "Copying the skeleton",
    parent,
    inputs: { tools: context.plan.tools, code: context.code, skeletonTrees: await inputs(skeletonTrees) },
    build: (root, devices) => copyTrees(context, root, skeletonTrees, devices),
  });
}

/** The user's skeleton, the distribution's essential packages, and what every image has. */
async function distributionLayer(context: Context, manager: PackageManager, packages: Package[]): Promise<Layer> {
  const { image, plan } = context;
  return layer(context, {
    name: "base",
    title: `Installing the base of ${image.distribution} ${image.release}`,
    inputs: {
      tools: plan.tools,
      code: context.code,
      architecture: image.architecture,
      packages: packages.map(identity),
      withDocs: image.withDocs,
      environment: image.environment,
      machineId: image.machineId,
      skeletonTrees: await inputs(image.skeletonTrees),
    },
    build: async (root, devices) => {
      await copyTrees(context, root, image.skeletonTrees, devices);
      await manager.fetch(context, packages);
      await manager.installBase(context, packages, root);
      await machineId(root, image.machineId);
      await bootFolders(root);
      await manager.forgetTimes(root);
    },
  });
}

/** A package in a key: its content decides, its name explains. */
export function identity({ name, version, architecture, sha256 }: Package): string {
  return `${name}:${architecture}=${version} ${sha256}`;
}

/** machine-id(5): "uninitialized" makes systemd set one, and apply presets, at first boot. */
async function machineId(root: string, id: string | undefined): Promise<void> {
  const file = join(root, "etc/machine-id");
  if (!id && existsSync(file)) return;
  await writeFile(file, `${id ?? "uninitialized"}\n`, { mode: 0o444 });
}

/** Where the ESP and XBOOTLDR are mounted, and the word that makes kernel-install lay them out as the Boot Loader Specification says. */
async function bootFolders(root: string): Promise<void> {
  await mkdir(join(root, "efi"), { recursive: true, mode: 0o500 });
  await mkdir(join(root, "boot"), { recursive: true, mode: 0o500 });
  await mkdir(join(root, "boot/loader"), { recursive: true, mode: 0o700 });
  await writeFile(join(root, "boot/loader/entries.srel"), "type1\n", { mode: 0o600 });
}
