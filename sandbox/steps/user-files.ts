import { chmod, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
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

/** With the owners that scripts gave; without times, which are those of the user's sources where a script kept them. */
async function copyResults(context: Context, root: string, results: string): Promise<void> {
  const { mode } = await stat(root);
  const options = ["--recursive", "--no-dereference", "--preserve=mode,ownership,links,xattr", "--force"];
  const destination = ["--keep-directory-symlink", "--no-target-directory"];
  const binds = [{ source: results, target: "/source", readOnly: true }];
  await context.run(["cp", ...options, ...destination, "--", "/source", BUILDROOT], { root, binds });
  await chmod(join(root, "."), mode & 0o7777);
}
