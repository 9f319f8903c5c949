import { lstatSync, readlinkSync, type Stats } from "node:fs";
import { type BytePath, onDisk } from "./walk.ts";

/** As many links as the kernel follows on the way to one file. */
const MAX_LINKS = 40;

/**
 * The path that a name leads to in a tree, as the image will see it: an absolute link starts at the tree's root, `..`
 * stops there. Nothing has to exist. Throws ELOOP.
 */
export function resolveInside(root: string, path: BytePath): BytePath {
  let waiting = path.split("/");
  let found: string[] = [];
  let links = 0;
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
    if (part === "" || part === ".") continue;
    if (part === "..") found.pop();
    else {
      const target = linkTarget(root, [...found, part].join("/"));
      if (target === undefined) found.push(part);
      else if (++links > MAX_LINKS) throw Object.assign(new Error(`ELOOP: ${path}`), { code: "ELOOP" });
      else {
        if (target.startsWith("/")) found = [];
        waiting = [...target.split("/"), ...waiting];
      }
    }
  }
  return found.join("/");
}

/** What is at a path of a tree, links followed within it. Undefined for nothing. */
export function statInside(root: string, path: BytePath): Stats | undefined {
  return lstatIfThere(root, resolveInside(root, path));
}

function linkTarget(root: string, path: BytePath): string | undefined {
  if (!lstatIfThere(root, path)?.isSymbolicLink()) return undefined;
  return readlinkSync(onDisk(root, path), { encoding: "latin1" });
}

function lstatIfThere(root: string, path: BytePath): Stats | undefined {
  try {
    return lstatSync(onDisk(root, path), { throwIfNoEntry: false });
  } catch (error) {
    // A part of the way is a file.
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return undefined;
    throw error;
  }
}
