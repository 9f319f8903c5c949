import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { WriteJob, Writer } from "../context.ts";
import { step } from "../events.ts";
import { type BootParts, keptAddonStub, keptBootParts } from "../kernel/kept.ts";
import { makeProfiles, makeUki } from "../kernel/uki.ts";
import { treeInitrd } from "./tree-initrd.ts";

/** A unified kernel image whose initrd is the tree, and whose kernel was the tree's. */
export const writeUki: Writer = async (job) => {
  const parts = await keptBootParts(job.kept);
  // The step that keeps them has made sure of them.
  if (!parts) throw new Error("the tree's layers kept no kernel");
  await copyFile(await treeUki(job, parts), job.output);
};

/** Makes the image around a tree, and returns its path. Its command line is KernelCommandLine= and nothing else. */
export async function treeUki(job: WriteJob, parts: BootParts): Promise<string> {
  const { context, root, kept } = job;
  const { image, work, emit } = context;
  const initrds = [await treeInitrd(job)];
  const commandLine = image.kernelCommandLine;
  const wanted = image.ukiProfiles.length > 0;
  const profiles = wanted ? await makeProfiles(context, keptAddonStub(image, kept), commandLine) : [];
  const output = join(work, "uki", "unified.efi");
  await step(emit, image.name, "Make the unified kernel image", () =>
    makeUki({ context, root, ...parts, initrds, profiles, commandLine, output }),
  );
  return output;
}
