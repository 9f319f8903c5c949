import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { BUILDROOT } from "../run.ts";
import { walk } from "../tree/walk.ts";

const INDEXES = ["modules.dep", "modules.dep.bin", "modules.symbols", "modules.symbols.bin"];

/** Makes the module indexes of every kernel that has none, or other or younger modules than they are of. */
export async function depmod(context: Context, root: string): Promise<void> {
  // What it is laid over, or runs beside, has indexes of its own.
  if (context.image.partial || context.image.format === "portable") return;
  const folder = join(root, "usr/lib/modules");
  for (const version of existsSync(folder) ? await readdir(folder) : []) {
    const modules = join(folder, version);
    if (!existsSync(join(modules, "modules.order")) || (await isCurrent(modules))) continue;
    await context.run(["depmod", "--basedir", BUILDROOT, "--all", version], { root });
  }
}

async function isCurrent(folder: string): Promise<boolean> {
  if (!INDEXES.every((name) => existsSync(join(folder, name)))) return false;
  const entries = [...walk(folder)];
  const made = entries.find(({ path }) => path === "modules.dep")?.stats.mtimeMs ?? 0;
  const modules = entries.filter(({ path }) => /\.ko(\.\w+)?$/.test(path));
  const text = await readFile(join(folder, "modules.dep"), "utf8");
  const known = text.split("\n").filter((line) => line !== "");
  return known.length === modules.length && modules.every(({ stats }) => stats.mtimeMs <= made);
}
