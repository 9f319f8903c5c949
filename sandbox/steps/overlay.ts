import { lstatSync, readFileSync, readlinkSync, type Stats } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { fileHash, valueHash } from "../tree/hash.ts";
import { resolveInside } from "../tree/inside.ts";
import { type Layer, layer } from "../tree/layers.ts";
import { mountOverlay } from "../tree/overlay.ts";
import { type BytePath, onDisk, walk } from "../tree/walk.ts";
import { baseTrees } from "./base-trees.ts";

/**
 * Overlay=: what a tree holds beyond its base trees, as layers without those. What is there unchanged is taken out; what
 * the base has and the tree has not cannot be said.
 */
export async function overlayLayer(context: Context, tree: Layer): Promise<Layer> {
  const base = await baseTrees(context);
  if (!base) return tree;
  const stack = tree.stack.slice(0, tree.stack.length - base.stack.length);
  const key = valueHash({ tree: tree.key, base: base.key }).slice(0, 32);
  return layer(context, {
    name: "overlay",
    title: "Taking out what the base has",
    parent: { ...tree, key, stack },
    inputs: { tools: context.plan.tools, code: context.code },
    build: (root) => removeUnchanged(context, root, base),
  });
}

async function removeUnchanged({ work }: Context, root: string, base: Layer): Promise<void> {
  const folder = join(work, "overlay-base");
  const lower = await mountOverlay(base.stack, folder);
  try {
    for (const { path, stats } of [...walk(root)])
      if (!stats.isDirectory() && (await isUnchanged(lower.root, root, path, stats))) await rm(onDisk(root, path));
  } finally {
    await lower.unmount();
  }
  await rm(folder, { recursive: true, force: true });
}

async function isUnchanged(lower: string, root: string, path: BytePath, stats: Stats): Promise<boolean> {
  // A folder that was a link in the base is another place there.
  const parent = path.split("/").slice(0, -1).join("/");
  if (resolveInside(lower, parent) !== parent) return false;
  const before = lstatSync(onDisk(lower, path), { throwIfNoEntry: false });
  if (!before || before.mode !== stats.mode || before.uid !== stats.uid || before.gid !== stats.gid) return false;
  const [old, now] = [onDisk(lower, path), onDisk(root, path)];
  if (stats.isSymbolicLink()) return readlinkSync(old) === readlinkSync(now);
  if (!stats.isFile()) return true;
  if (before.size !== stats.size) return false;
  return stats.size < 1 << 20
    ? readFileSync(old).equals(readFileSync(now))
    : (await fileHash(old)) === (await fileHash(now));
}
