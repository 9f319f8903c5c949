import { existsSync, readdirSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { writeCpio } from "../formats/cpio.ts";
import { byCodeUnit, bytePath } from "../tree/walk.ts";
import { firmwareOfModules } from "./firmware.ts";
import { selectModules } from "./modules.ts";

/** Writes the initrd with a kernel's modules, as the image's patterns select them, and their firmware. */
export async function modulesInitrd(context: Context, root: string, version: string, output: string): Promise<void> {
  const folder = `usr/lib/modules/${version}`;
  const text = (name: string) => readOptional(join(root, folder, name));
  const texts = {
    dependencies: await text("modules.dep"),
    soft: await text("modules.softdep"),
    weak: await text("modules.weakdep"),
  };
  const modules = selectModules(texts, context.image.kernelModulesInitrdPatterns);
  const firmware = await firmwareOfModules(context, root, version, modules);
  const indexes = readdirSync(join(root, folder)).filter((name) => name.startsWith("modules."));
  const files = [...modules, ...indexes].map((path) => `${folder}/${path}`);
  const archive = `${output}.cpio`;
  await writeCpio({
    root,
    paths: withParents([...files, ...firmware]).map(bytePath),
    epoch: context.epoch,
    output: archive,
  });
  await compress(context, archive, output);
}

async function readOptional(file: string): Promise<string> {
  return existsSync(file) ? readFile(file, "utf8") : "";
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
