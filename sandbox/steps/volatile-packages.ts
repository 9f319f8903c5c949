import type { Context } from "../context.ts";
import type { Package } from "../package-managers/package-manager.ts";
import { left, type Packages, type Stage } from "../scripts/layers.ts";
import { sourcePath } from "../sources.ts";
import { layer } from "../tree/layers.ts";
import { identity } from "./base.ts";
import { installOn, resolveOn } from "./packages.ts";

/**
 * VolatilePackages=, after build scripts: from all repositories, the user's folders, and what scripts of this image have
 * left in PACKAGEDIR.
 */
export async function volatilePackages(
  context: Context,
  { manager, metadata }: Packages,
  stage: Stage,
): Promise<Stage> {
  const { volatilePackages: named, volatilePackageFiles, withRecommends } = context.image;
  const files = volatilePackageFiles.map(({ source }) => sourcePath(source));
  if (named.length + files.length === 0) return stage;
  const own = left(stage, "packages");
  const local = { folders: own ? [own] : [], files };
  const offered = await manager.withLocal(context, metadata, local);
  const names = [...named, ...(await Promise.all(files.map((file) => manager.packageName(context, file))))];
  const packages: Package[] = await resolveOn(context, manager, offered, stage.tree, names);
  const tree = await layer(context, {
    name: "volatile",
    title: packages.length === 1 ? "Installing 1 volatile package" : `Installing ${packages.length} volatile packages`,
    parent: stage.tree,
    inputs: { names, packages: packages.map(identity), withRecommends },
    build: (root) => installOn(context, { manager, metadata: offered }, root, names, packages),
  });
  return { ...stage, tree };
}
