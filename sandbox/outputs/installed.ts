/** The packages of an image, which its layers keep beside their trees: the tree itself may have lost its database. */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Context } from "../context.ts";
import type { InstalledPackage, PackageManager } from "../package-managers/package-manager.ts";

const FILE = "installed.json";

/** Keeps what is installed in the tree at `root`, in the folder of its layer. */
export async function recordInstalled(
  context: Context,
  manager: PackageManager,
  root: string,
  folder: string,
): Promise<void> {
  await writeFile(join(folder, FILE), JSON.stringify(await manager.installed(context, root)));
}

/** What the topmost layer kept that kept anything. */
export async function installedPackages(stack: readonly string[]): Promise<InstalledPackage[]> {
  const file = stack.map((tree) => join(dirname(tree), FILE)).find((path) => existsSync(path));
  return file === undefined ? [] : (JSON.parse(await readFile(file, "utf8")) as InstalledPackage[]);
}
