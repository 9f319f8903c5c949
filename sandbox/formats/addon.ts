import { readdirSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { Writer } from "../context.ts";
import { step } from "../events.ts";
import { keptAddonStub } from "../kernel/kept.ts";
import { runUkify } from "../kernel/ukify.ts";
import { treeInitrd } from "./tree-initrd.ts";

/** An addon for unified kernel images: KernelCommandLine=, and the tree as an initrd where there is anything in it. */
export const writeAddon: Writer = async (job) => {
  const { context, root } = job;
  const { image, work, emit } = context;
  const stub = keptAddonStub(image, job.kept);
  const options = readdirSync(root).length > 0 ? [{ option: "initrd", file: await treeInitrd(job) }] : [];
  const output = join(work, "addon", "addon.efi");
  const commandLine = image.kernelCommandLine;
  await step(emit, image.name, "Make the addon", () =>
    runUkify({ context, kind: "addon", stub, commandLine, options, output }),
  );
  await copyFile(output, job.output);
};
