import { basename, dirname, join } from "node:path";
import type { Files } from "../config/values/value-type.ts";

type Look = Pick<Files, "exists" | "isDirectory" | "list">;

/** Folders whose files and folders are parts of the folder that they are in. */
const collections = ["mkosi.conf.d", "mkosi.profiles", "mkosi.images"];
/** Further ones that are such a part themselves. */
const parts = [...collections, "mkosi.local", "mkosi.tools.conf", "mkosi.initrd.conf"];

/** Where a file's project is, and what it may name there. All paths are absolute. */
export interface ProjectFacts {
  /** The folder that `caisson` would be started in. */
  directory: string;
  /** Paths in the file are relative to this folder. */
  base: string;
  profiles: readonly Named[];
  images: readonly Named[];
}

/** A profile or an image, and its file or folder. */
export interface Named {
  name: string;
  path: string;
}

export function projectFacts(file: string, files: Look): ProjectFacts {
  const directory = projectFolder(file, files);
  const base = baseFolder(file);
  const roots = [...new Set([...configurationFolders(directory, files), base])];
  const below = (name: string) => roots.flatMap((root) => entries(join(root, name), files));
  return { directory, base, profiles: below("mkosi.profiles"), images: below("mkosi.images") };
}

/** The folder to start `caisson` in for the project that the configuration file belongs to, or the file's own. */
export function projectFolder(file: string, files: Look): string {
  const own = baseFolder(file);
  let folder = own;
  while (!isConfigured(folder, files)) {
    if (dirname(folder) === folder) return own;
    folder = dirname(folder);
  }
  const root = rootOf(folder);
  const parent = dirname(root);
  return basename(root) === "mkosi" && !isConfigured(parent, files) ? parent : root;
}

function isConfigured(folder: string, files: Look): boolean {
  return ["mkosi.conf", "mkosi.tools.conf"].some((name) => files.exists(join(folder, name)));
}

/** The outermost folder that the folder is a part of. */
function rootOf(folder: string): string {
  const parent = dirname(folder);
  if (parent === folder) return folder;
  if (parts.includes(basename(folder))) return rootOf(parent);
  return collections.includes(basename(parent)) ? rootOf(dirname(parent)) : folder;
}

function baseFolder(file: string): string {
  const folder = dirname(file);
  return collections.includes(basename(folder)) ? dirname(folder) : folder;
}

function configurationFolders(directory: string, files: Look): string[] {
  return isConfigured(directory, files) ? [directory] : [join(directory, "mkosi")];
}

function entries(folder: string, files: Look): Named[] {
  return files.list(folder).flatMap((entry) => {
    const path = join(folder, entry);
    if (files.isDirectory(path)) return [{ name: entry, path }];
    return entry.endsWith(".conf") ? [{ name: entry.slice(0, -".conf".length), path }] : [];
  });
}
