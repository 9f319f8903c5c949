import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "../../src/engine/engine.ts";
import { KEY_LABEL, TOOLS_LABEL, toolsReference } from "../../src/tools/image.ts";
import { lockedFor, parseLock } from "../../src/tools/lock.ts";
import { readRecipe, toolsKey } from "../../src/tools/recipe.ts";
import { debianArchitecture } from "../../src/tools/tools.ts";
import { newestToolsImage } from "./tools.ts";

/**
 * Puts a Caisson into the folder whose lock has another version of one tool. The tools image of that lock is a stand-in:
 * the one there is, under the other's name. Gives back the command line, and the image's name to remove.
 */
export async function otherTools(engine: Engine, folder: string): Promise<{ cli: string; image: string }> {
  for (const name of ["dist", "tools-images", "Containerfiles", "package.json"])
    await cp(name, join(folder, name), { recursive: true });
  const path = join(folder, "tools-images/debian/lock.json");
  const lock = parseLock(await readFile(path, "utf8"), path);
  const architecture = await debianArchitecture(engine);
  const [tool] = lockedFor(lock, architecture).packages;
  if (tool === undefined) throw new Error(`${path} has no packages for ${architecture}`);
  tool.version = `${tool.version}+other`;
  await writeFile(path, JSON.stringify(lock));
  const key = toolsKey(await readRecipe(), architecture, lockedFor(lock, architecture));
  await standIn(engine, key);
  return { cli: join(folder, "dist/caisson.mjs"), image: toolsReference(key) };
}

async function standIn(engine: Engine, key: string): Promise<void> {
  const container = await engine.start({ image: await newestToolsImage(engine), command: ["true"], network: "none" });
  try {
    await container.wait();
    await container.commit(toolsReference(key), { [TOOLS_LABEL]: "debian", [KEY_LABEL]: key });
  } finally {
    await container.remove();
  }
}
