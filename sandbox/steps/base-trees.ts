import { lstatSync, type Stats } from "node:fs";
import { realpath } from "node:fs/promises";
import type { Context } from "../context.ts";
import { applyOci } from "../oci/apply.ts";
import { resolveOci } from "../oci/source.ts";
import type { ImagePlan, OciSource, Source } from "../protocol.ts";
import { outputSource, sourcePath } from "../sources.ts";
import { type Layer, layer } from "../tree/layers.ts";
import { invalid } from "../tree/pour.ts";
import { sourceHash } from "../tree/source-hash.ts";
import { copyFolder, unpackFile } from "./trees.ts";

/**
 * The trees of BaseTrees=, one over the other, each a layer that is found by its content. Undefined where there are none.
 * Several steps ask for them: they are looked at once in a build, so that all see the same.
 */
export function baseTrees(context: Context): Promise<Layer | undefined> {
  return context.share(`base trees of ${context.image.name}`, async () => {
    let layers: Layer | undefined;
    for (const [index, tree] of context.image.baseTrees.entries())
      layers = await baseTree(context, tree, `tree-${index + 1}`, layers);
    return layers;
  });
}

type BaseTree = ImagePlan["baseTrees"][number];

async function baseTree(context: Context, tree: BaseTree, name: string, parent: Layer | undefined): Promise<Layer> {
  return "kind" in tree ? ociTree(context, tree, name, parent) : sourceTree(context, tree, name, parent);
}

/** The tree of a container image. */
async function ociTree(context: Context, source: OciSource, name: string, parent: Layer | undefined): Promise<Layer> {
  if (source.kind === "layout") await outputSource(source.source);
  const image = await resolveOci(context, source);
  return layer(context, {
    name,
    title: "Unpacking the container image",
    parent,
    inputs: { tools: context.plan.tools, code: context.code, image },
    build: (root, devices) => applyOci(context, source, { root, devices }),
  });
}

async function sourceTree(context: Context, { source }: Source, name: string, parent: Layer | undefined) {
  const made = await outputSource(source);
  // Another image's tree is there as layers already: nothing is copied.
  if (made?.tree && !parent) return made.tree;
  const path = await realpath(sourcePath(source));
  const tree = made?.key ?? (await sourceHash(path, { owners: true }));
  return layer(context, {
    name,
    title: "Copying a base tree",
    parent,
    inputs: { tools: context.plan.tools, code: context.code, tree, owner: context.plan.owner },
    build: async (root, devices) => {
      const into = { root, devices };
      const title = "a tree of BaseTrees=";
      if (!lstatSync(path).isDirectory()) {
        if (await unpackFile(context, into, path, title)) return;
        throw invalid(title, "it is no folder, tar archive or disk image");
      }
      const isRoots = callersOwn(context, path);
      await copyFolder(context, into, { folder: path, target: "/", isRoots, times: false, title });
    },
  });
}

/**
 * In a rootful engine a folder that the caller made has the caller's ids, which mean root in the image, as they do where
 * the engine is rootless. A folder of root's, such as an output with the owners that it has in the image, stays as it is.
 */
function callersOwn({ plan }: Context, folder: string): (stats: Stats) => boolean {
  const caller = plan.owner?.uid ?? 0;
  return caller !== 0 && lstatSync(folder).uid === caller ? ({ uid }) => uid === caller : () => false;
}
