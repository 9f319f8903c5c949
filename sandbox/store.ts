/**
 * The named volume. Everything on it that outlives a build is content-addressed and appears by a rename, so that
 * builds share it without locks, and a killed build leaves nothing but a work folder.
 *
 *     packages/SHA256.deb       downloaded packages
 *     indexes/KEY/              apt's lists for a set of repositories at one state
 *     resolutions/KEY.json      what a package manager chose
 *     layers/KEY/{tree,devices.json}
 *     outputs/KEY/              finished artifacts
 *     latest/NAME.json          keys of the layers that an image last had
 *     work/BUILD/               a running build's own, whose lock it holds: work/BUILD.lock
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hold, ifFree, type Release } from "./lock.ts";
import { STORE_PATH } from "./protocol.ts";

export type Shelf = "packages" | "indexes" | "resolutions" | "layers" | "outputs" | "latest" | "work";

/** Where something lies on the volume, whether or not it is there. */
export function storePath(shelf: Shelf, ...names: string[]): string {
  return join(STORE_PATH, shelf, ...names);
}

/** A finished entry's path, or undefined. Its time is moved to now, for those who prune. */
export async function lookUp(shelf: Shelf, name: string): Promise<string | undefined> {
  const path = storePath(shelf, name);
  if (!existsSync(path)) return undefined;
  const now = new Date();
  await utimes(path, now, now);
  return path;
}

/**
 * Moves a finished file or folder to its place. Where another build was faster, its entry, which has the same
 * content, stays; unless `replace` is set, because the user does not trust it. What was replaced lies where `from` was,
 * and goes with the build's work: it may still be mounted.
 */
export async function publish(from: string, shelf: Shelf, name: string, replace = false): Promise<string> {
  const path = storePath(shelf, name);
  await mkdir(dirname(path), { recursive: true });
  if (replace && existsSync(path)) await rename(path, `${from}.replaced`);
  try {
    await rename(from, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
    await rm(from, { recursive: true, force: true });
  }
  return path;
}

/** Reads JSON that `publishJson` wrote; undefined where there is none. */
export async function readJson<T>(shelf: Shelf, name: string): Promise<T | undefined> {
  const path = storePath(shelf, `${name}.json`);
  return existsSync(path) ? (JSON.parse(await readFile(path, "utf8")) as T) : undefined;
}

export async function publishJson(shelf: Shelf, name: string, value: unknown): Promise<void> {
  const path = storePath(shelf, `${name}.json`);
  await mkdir(dirname(path), { recursive: true });
  const aside = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(aside, JSON.stringify(value));
  await rename(aside, path);
}

/** A folder for the work of one build or shell. `release` removes it; where this process is killed, another's `sweepWork` does. */
export async function claimWork(build: string): Promise<{ folder: string; release: Release }> {
  const [folder, lock] = [storePath("work", build), storePath("work", `${build}.lock`)];
  await mkdir(dirname(folder), { recursive: true });
  const unlock = await hold(lock);
  await mkdir(folder);
  const release = async () => {
    await rm(folder, { recursive: true, force: true });
    await rm(lock, { force: true });
    await unlock();
  };
  return { folder, release };
}

/** Removes the work of killed builds. Returns the builds that still run. */
export async function sweepWork(): Promise<string[]> {
  const running = [];
  for (const name of await names("work")) {
    if (!name.endsWith(".lock")) continue;
    const build = name.slice(0, -".lock".length);
    const paths = [storePath("work", build), storePath("work", name)];
    if (!(await ifFree(storePath("work", name), ["rm", "--recursive", "--force", "--", ...paths]))) running.push(build);
  }
  return running;
}

/** Removes whole shelves. */
export async function empty(...shelves: Shelf[]): Promise<void> {
  for (const shelf of shelves) await rm(storePath(shelf), { recursive: true, force: true });
}

async function names(shelf: Shelf): Promise<string[]> {
  return existsSync(storePath(shelf)) ? readdir(storePath(shelf)) : [];
}
