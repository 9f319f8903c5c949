import type { Context } from "../context.ts";
import { BUILDROOT } from "../run.ts";
import type { Layer } from "../tree/layers.ts";
import { commonInputs, hostOf, left } from "./layers.ts";
import { runScripts } from "./run-scripts.ts";

/** Puts what scripts left in OUTPUTDIR beside the outputs that are still to be written. */
export async function stageScriptOutputs(context: Context, beside: Layer | undefined, staging: string): Promise<void> {
  const from = left({ beside }, "out");
  if (!from) return;
  const options = ["--recursive", "--no-dereference", "--preserve=mode,links,xattr", "--no-target-directory"];
  const binds = [{ source: from, target: "/source", readOnly: true }];
  await context.run(["cp", ...options, "--", "/source/.", BUILDROOT], { root: staging, binds });
}

/** PostOutputScripts=, on all outputs before they are delivered. */
export async function postOutputScripts(context: Context, staging: string): Promise<void> {
  const part = context.image.scripts;
  const scripts = part?.scripts.postoutput ?? [];
  if (!part || scripts.length === 0) return;
  await runScripts(hostOf(context), { kind: "postoutput", scripts, view: part, beside: { out: staging } });
}

/** What the delivered files depend on beside the image itself. */
export async function postOutputInputs(context: Context): Promise<unknown> {
  const part = context.image.scripts;
  if (!part || part.scripts.postoutput.length === 0) return undefined;
  return commonInputs(context, { kind: "postoutput", scripts: part.scripts.postoutput, view: part });
}
