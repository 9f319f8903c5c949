import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import type { TreeEntry } from "../tree/entries.ts";
import { type BytePath, onDisk } from "../tree/walk.ts";
import type { PackagedFile } from "./dpkg.ts";

/**
 * The packaged files of a tree that are as their packages have them: the package by path in the tree. What was changed
 * since belongs to whoever changed it. `entries` may be some of the tree's.
 */
export async function unchangedFiles(
  root: string,
  entries: readonly TreeEntry[],
  packaged: ReadonlyMap<BytePath, PackagedFile>,
  tree: readonly TreeEntry[] = entries,
): Promise<Map<BytePath, PackagedFile>> {
  const found = inTree(tree, packaged);
  const owned = new Map<BytePath, PackagedFile>();
  for (const { path, kind } of entries) {
    const file = found.get(path);
    if (file === undefined || kind === "directory") continue;
    if (kind !== "file" || file.md5 === undefined || (await md5(onDisk(root, path))) === file.md5)
      owned.set(path, file);
  }
  return owned;
}

/** By the paths that files have in the tree, where folders that packages name may be links, such as /lib. */
function inTree(entries: readonly TreeEntry[], packaged: ReadonlyMap<BytePath, PackagedFile>) {
  const links = new Map(entries.flatMap(({ path, target }) => (target ? [[path, target.toString("latin1")]] : [])));
  const folders = new Map<BytePath, BytePath>();
  const found = new Map<BytePath, PackagedFile>();
  for (const [path, file] of packaged) {
    const slash = path.lastIndexOf("/");
    const folder = path.slice(0, Math.max(slash, 0));
    const real = folders.get(folder) ?? follow(folder, links);
    folders.set(folder, real);
    const place = real === "" ? path.slice(slash + 1) : `${real}/${path.slice(slash + 1)}`;
    if (!found.has(place)) found.set(place, file);
  }
  return found;
}

/** As many as the kernel follows (path_resolution(7)). */
const LINKS = 40;

/** A folder's path without links, all of which are taken to start at the tree's root; itself where they lead in a circle. */
export function follow(folder: BytePath, links: ReadonlyMap<BytePath, string>): BytePath {
  const parts: string[] = [];
  const rest = folder.split("/");
  let followed = 0;
  for (let part = rest.shift(); part !== undefined; part = rest.shift()) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      parts.pop();
      continue;
    }
    const target = links.get([...parts, part].join("/"));
    if (target === undefined) {
      parts.push(part);
      continue;
    }
    if (++followed > LINKS) return folder;
    if (target.startsWith("/")) parts.length = 0;
    rest.unshift(...target.split("/"));
  }
  return parts.join("/");
}

async function md5(path: Buffer): Promise<string> {
  const hash = createHash("md5");
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest("hex");
}
