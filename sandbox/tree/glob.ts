import { lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { sep } from "node:path";
import picomatch from "picomatch";
import { type BytePath, byCodeUnit, onDisk } from "./walk.ts";

/** Paths below `root` that match a pattern, as `removeMatching` reads them, in order. */
export function matchingPaths(root: string, pattern: string): string[] {
  const found = matching(root, "", pattern.split("/").filter(Boolean));
  return found.map((path) => Buffer.from(path, "latin1").toString());
}

/** Removes what matches the patterns, which are paths below `root` with `*`, `**`, `?` and `[…]`; hidden files match too. */
export async function removeMatching(root: string, patterns: string[]): Promise<void> {
  const paths = patterns.flatMap((pattern) => matching(root, "", pattern.split("/").filter(Boolean)));
  for (const path of paths.filter((path) => path !== ""))
    await rm(onDisk(root, path), { recursive: true, force: true });
}

/** What matches the parts of a pattern below a folder. `**` is that folder and all below it, but follows no link. */
function matching(root: string, folder: BytePath, [part, ...rest]: string[]): BytePath[] {
  if (part === undefined) return [folder];
  if (part === "**") {
    const below = rest.length > 0 ? rest : ["*"];
    return folders(root, folder).flatMap((each) => matching(root, each, below));
  }
  // As in a shell, `[!…]` is every other character; picomatch knows that as `[^…]`.
  const matches = picomatch(part.replaceAll("[!", "[^"), { dot: true, nobrace: true, noextglob: true, nonegate: true });
  const names = entries(root, folder).filter((name) => matches(Buffer.from(name, "latin1").toString()));
  return names.flatMap((name) => matching(root, child(folder, name), rest));
}

/** A folder and all below it. */
function folders(root: string, folder: BytePath): BytePath[] {
  const paths = entries(root, folder).map((name) => child(folder, name));
  const below = paths.filter((path) => lstatSync(onDisk(root, path)).isDirectory());
  return [folder, ...below.flatMap((path) => folders(root, path))];
}

function child(folder: BytePath, name: BytePath): BytePath {
  return folder === "" ? name : `${folder}/${name}`;
}

/** A folder's names; none of a file. A link to a folder is as that folder, as /lib is. */
function entries(root: string, folder: BytePath): BytePath[] {
  if (!isInside(root, folder)) return [];
  return statSync(onDisk(root, folder)).isDirectory()
    ? readdirSync(onDisk(root, folder), { encoding: "latin1" }).sort(byCodeUnit)
    : [];
}

/** False where a link on the way leads out of the tree: an absolute link means another place in the worker than in the image. */
function isInside(root: string, path: BytePath): boolean {
  try {
    const [top = "", real = ""] = ["", path].map((each) => realpathSync(onDisk(root, each), { encoding: "latin1" }));
    return real === top || real.startsWith(top + sep);
  } catch (error) {
    // A broken link, or one that leads to itself.
    if (["ENOENT", "ELOOP", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}
