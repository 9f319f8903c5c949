import { existsSync, readdirSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Context } from "../context.ts";
import { step } from "../events.ts";
import { writeCpio } from "../formats/cpio.ts";
import { byCodeUnit, bytePath } from "../tree/walk.ts";
import type { NamedInitrd } from "./boot-job.ts";
import { requiredFiles } from "./required.ts";

/** The modules initrd of a kernel, where the image wants it; made once. */
export async function kernelInitrds(context: Context, root: string, version: string): Promise<NamedInitrd[]> {
  const { image, work, emit } = context;
  if (!image.kernelModulesInitrd) return [];
  const name = "kernel-modules.initrd";
  const source = join(work, "boot", version, name);
  await mkdir(dirname(source), { recursive: true });
  const make = () => modulesInitrd(context, root, version, source);
  if (!existsSync(source)) await step(emit, image.name, `Collect the modules of kernel ${version}`, make);
  return [{ source, name }];
}

/** Writes the initrd with a kernel's modules, as the image's patterns select them, and their firmware. */
export async function modulesInitrd(context: Context, root: string, version: string, output: string): Promise<void> {
  const folder = `usr/lib/modules/${version}`;
  const { modules, firmware } = await requiredFiles(context, root, version, context.image.kernelModulesInitrdPatterns);
  const names = readdirSync(join(root, folder)).filter((name) => name.startsWith("modules."));
  const indexes = names.map((name) => `${folder}/${name}`);
  const archive = `${output}.cpio`;
  await writeCpio({
    root,
    paths: withParents([...modules, ...indexes, ...firmware]).map(bytePath),
    epoch: context.epoch,
    output: archive,
  });
  await compress(context, archive, output);
}

/** The paths and every folder above them but /usr and /usr/lib, which the main initrd has, sorted. */
export function withParents(paths: readonly string[]): string[] {
  const all = new Set<string>();
  for (const path of paths)
    for (let part = path; part !== "usr/lib" && part !== "usr" && part.includes("/"); )
      part = all.add(part) && part.slice(0, part.lastIndexOf("/"));
  return [...all].sort(byCodeUnit);
}

/** Two workers rather than one per processor: the bytes do not depend on it, but one thread alone writes other ones. */
async function compress(context: Context, archive: string, output: string): Promise<void> {
  const input = "/run/modules.cpio";
  await context.run(["zstd", "-q", "-3", "-T2", "--stdout", input], {
    binds: [{ source: archive, target: input, readOnly: true }],
    stdout: { file: output },
  });
  await rm(archive);
}
