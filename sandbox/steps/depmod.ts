import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { BUILDROOT } from "../run.ts";
import { walk } from "../tree/walk.ts";

const INDEXES = ["modules.dep", "modules.dep.bin", "modules.symbols", "modules.symbols.bin"];

/** Makes the module indexes of every kernel that has none, or modules younger than they are. */
export async function depmod(context: Context, root: string): Promise<void> {
  // What it is laid over, or runs beside, has indexes of its own.
  if (context.image.partial || context.image.format === "portable") return;
  const folder = join(root, "usr/lib/modules");
  for (const version of existsSync(folder) ? await readdir(folder) : []) {
    const modules = join(folder, version);
    if (!existsSync(join(modules, "modules.order")) || isCurrent(modules)) continue;
    await context.run(["depmod", "--basedir", BUILDROOT, "--all", version], { root });
  }
}

function isCurrent(modules: string): boolean {
  if (!INDEXES.every((name) => existsSync(join(modules, name)))) return false;
  const entries = [...walk(modules)];
  const made = entries.find(({ path }) => path === "modules.dep")?.stats.mtimeMs ?? 0;
  return entries.every(({ path, stats }) => !/\.ko(\.\w+)?$/.test(path) || stats.mtimeMs <= made);
}
