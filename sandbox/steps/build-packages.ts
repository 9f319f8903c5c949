import type { Context } from "../context.ts";
import type { Packages } from "../scripts/layers.ts";
import { type Layer, layer } from "../tree/layers.ts";
import { identity } from "./base.ts";
import { installOn, resolveOn } from "./packages.ts";

/** BuildPackages= over the image's own packages: a tree for build scripts alone. */
export async function buildPackagesLayer(context: Context, packages: Packages, parent: Layer): Promise<Layer> {
  const names = context.image.scripts?.buildPackages ?? [];
  if (names.length === 0) return parent;
  const { manager, metadata } = packages;
  const resolution = await resolveOn(context, manager, metadata, parent, names);
  if (resolution.length === 0) return parent;
  return layer(context, {
    name: "build-packages",
    title: `Installing ${resolution.length} build ${resolution.length === 1 ? "package" : "packages"}`,
    parent,
    inputs: { names, packages: resolution.map(identity), withRecommends: context.image.withRecommends },
    build: async (root) => {
      await installOn(context, packages, root, names, resolution);
    },
  });
}
