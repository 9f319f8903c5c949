import { join } from "node:path";
import { packageRoot } from "../tools/root.ts";
import { configError } from "./values/value-type.ts";

/** What Include= may name without a path, and the folder of tools-images/ that stands behind it. */
const folders: Readonly<Record<string, string>> = {
  "mkosi-initrd": "initrd",
  "mkosi-tools": "tools",
  "mkosi-vm": "vm",
  "mkosi-addon": "addon",
};

export const builtInNames: readonly string[] = Object.keys(folders);

/** The folder of a built-in configuration. Throws UserError `built-in-not-found` for one that Caisson does not have. */
export function builtInFolder(name: string): string {
  const folder = folders[name];
  if (folder !== undefined) return join(packageRoot(), "tools-images", folder);
  throw configError(
    "built-in-not-found",
    `Include=${name}: Caisson has no built-in configuration of this name`,
    `There are ${builtInNames.join(", ")}`,
  );
}
