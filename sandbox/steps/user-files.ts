import { chmod, readdir, stat } from "node:fs/promises";
import type { Context } from "../context.ts";
import { quote } from "../errors.ts";
import { BUILDROOT } from "../run.ts";
import { left, type Stage } from "../scripts/layers.ts";
import { inputs } from "../tree/inputs.ts";
import { layer } from "../tree/layers.ts";
import { copyTrees } from "./trees.ts";

/** What build scripts made, and the user's own files over it. */
export async function userFilesLayer(context: Context, stage: Stage): Promise<Stage> {
  const { extraTrees } = context.image;
  const results = await buildResults(stage);
  if (!results && extraTrees.length === 0) return stage;
  const tree = await layer(context, {
    name: "files",
    title: "Copying files into the image",
    parent: stage.tree,
    inputs: {
      buildResults: results && stage.beside?.key,
      extraTrees: await inputs(extraTrees),
    },
    build: async (root, devices) => {
      if (results) await copyResults(context, root, results);
      await copyTrees(context, root, extraTrees, devices);
    },
  });
  return { ...stage, tree };
}

async function buildResults(stage: Stage): Promise<string | undefined> {
  const results = left(stage, "dest");
  return results && (await readdir(results)).length > 0 ? results : undefined;
}

/**
 * With the owners that scripts gave; without times, which are those of the user's sources where a script kept them. A
 * folder that is a link in the image, as /lib is, stays one: cp(1) does not manage that without following all links.
 */
async function copyResults(context: Context, root: string, results: string): Promise<void> {
  const { mode } = await stat(root);
  const common = ["--numeric-owner", "--xattrs", "--xattrs-include=*"];
  const from = quote(["tar", "--create", ...common, "--directory=/source", "."]);
  const kept = ["--same-owner", "--preserve-permissions", "--touch", "--keep-directory-symlink"];
  const to = quote(["tar", "--extract", ...common, ...kept, `--directory=${BUILDROOT}`]);
  const binds = [{ source: results, target: "/source", readOnly: true }];
  await context.run(["bash", "-o", "pipefail", "-c", `${from} | ${to}`], { root, binds });
  await chmod(root, mode & 0o7777);
}
