import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { firmwareOfModules } from "./firmware.ts";
import { selectModules } from "./modules.ts";
import { readOptional } from "./texts.ts";

/** What a selection of a kernel's modules takes with it: paths below the root, sorted. */
export interface Required {
  modules: string[];
  /** With every link that leads to it. */
  firmware: string[];
}

/** The modules that the patterns select, with all that they depend on, and their firmware. */
export async function requiredFiles(
  context: Context,
  root: string,
  version: string,
  patterns: readonly string[],
): Promise<Required> {
  const folder = `usr/lib/modules/${version}`;
  const text = (name: string) => readOptional(join(root, folder, name));
  const texts = {
    dependencies: await text("modules.dep"),
    soft: await text("modules.softdep"),
    weak: await text("modules.weakdep"),
    builtin: await text("modules.builtin.modinfo"),
  };
  // RemoveFiles= may have taken some since depmod ran.
  const modules = selectModules(texts, patterns).filter((path) => existsSync(join(root, folder, path)));
  const firmware = await firmwareOfModules(context, root, version, modules);
  return { modules: modules.map((path) => `${folder}/${path}`), firmware };
}
