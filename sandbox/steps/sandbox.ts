import { mkdir } from "node:fs/promises";
import type { Context, Sandbox } from "../context.ts";
import { storePath } from "../store.ts";
import { valueHash } from "../tree/hash.ts";
import { inputs } from "../tree/inputs.ts";
import { copyTrees } from "./trees.ts";

/** SandboxTrees=: puts together what tools see over the tools image; once for all images that have the same. */
export async function makeSandbox(context: Context): Promise<Sandbox | undefined> {
  const { image, plan } = context;
  if (image.sandboxTrees.length === 0) return undefined;
  const key = valueHash(await inputs(image.sandboxTrees)).slice(0, 32);
  return context.share(`sandbox ${key}`, async () => {
    const path = storePath("work", plan.build, `sandbox-${key}`);
    await mkdir(path, { recursive: true });
    await copyTrees(context, path, image.sandboxTrees, []);
    return { key, path };
  });
}
