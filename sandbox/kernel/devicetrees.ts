import { existsSync } from "node:fs";
import { join } from "node:path";
import { byCodeUnit, walk } from "../tree/walk.ts";
import { lastMatch } from "./patterns.ts";

/** Where kernels of a version have their devicetrees, relative to the root. */
function folders(version: string): string[] {
  return [
    `usr/lib/firmware/${version}/device-tree`,
    `usr/lib/linux-image-${version}`,
    `usr/lib/modules/${version}/dtb`,
  ];
}

export interface Devicetree {
  /** Relative to the root. */
  path: string;
  /** Relative to the folder in which kernels have them: `rockchip/rk3399.dtb`. */
  name: string;
}

/** The devicetrees of a kernel that the patterns mean, in order of their paths. */
export function devicetrees(root: string, version: string, patterns: readonly string[]): Devicetree[] {
  if (patterns.length === 0) return [];
  const verdict = lastMatch(patterns);
  const found = folders(version).flatMap((folder) => {
    if (!existsSync(join(root, folder))) return [];
    const entries = [...walk(join(root, folder))].filter(({ stats }) => !stats.isDirectory());
    const names = entries.map(({ path }) => Buffer.from(path, "latin1").toString());
    return names.filter((name) => name.endsWith(".dtb")).map((name) => ({ path: `${folder}/${name}`, name }));
  });
  return found.filter(({ name }) => verdict(name) === true).sort((a, b) => byCodeUnit(a.path, b.path));
}
