import { realpath, rm } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { glob } from "tinyglobby";

/** Removes what matches the patterns, which are paths below `root` with `*`, `**`, `?` and `[…]`; hidden files match too. */
export async function removeMatching(root: string, patterns: string[]): Promise<void> {
  const relative = patterns.map((pattern) => pattern.replace(/^\/+/, "").replace(/\/+$/, ""));
  const paths = await glob(relative, {
    cwd: root,
    dot: true,
    onlyFiles: false,
    followSymbolicLinks: false,
    expandDirectories: false,
    caseSensitiveMatch: true,
  });
  for (const path of paths)
    if (await isInside(root, path)) await rm(join(root, path), { recursive: true, force: true });
}

/** False where a link on the way leads out of the tree: an absolute link means another place in the worker than in the image. */
async function isInside(root: string, path: string): Promise<boolean> {
  const parent = await realpath(join(root, dirname(path))).catch(() => undefined);
  return parent !== undefined && (parent === root || parent.startsWith(root + sep));
}
