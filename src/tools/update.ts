import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Key } from "openpgp";
import type { Engine } from "../engine/engine.ts";
import { type ArchiveOptions, fetchIndex, fetchRelease } from "./archive.ts";
import { ensureBase } from "./bootstrap.ts";
import { baseClosure } from "./closure.ts";
import { debianFolder, type Lock, type LockedArchitecture, listedFor } from "./lock.ts";
import { readLocked, readRelations } from "./package-index.ts";
import type { ToolsContext } from "./progress.ts";
import { type Recipe, recipeList } from "./recipe.ts";
import { type Release, readTrustedKeys } from "./release.ts";
import { cacheFolder } from "./root.ts";
import { runContainer, showFiles } from "./run.ts";

/** Only the suite itself: a security update leaves the pool as soon as the next one supersedes it. */
const SUITE = "trixie";
const COMPONENT = "main";
/** What the base image has on top of the essential packages: it installs the rest. */
const BASE_EXTRA = ["apt"];
/** Name of an index, on the mirror and here. */
const INDEX = "Packages.gz";
const STAGE0 = "busybox-static";

/**
 * Makes a new lock from what the mirror has now. Signature and hashes are checked on this host; apt, in the base image
 * of this host's architecture and without network, decides which packages the list needs.
 */
export async function makeLock(
  engine: Engine,
  recipe: Recipe,
  options: { native: string; architectures: string[] },
  context: ToolsContext,
): Promise<Lock> {
  context.onProgress({ title: `Reading the index of Debian ${SUITE}` });
  const archive = await archiveOptions(context);
  const release = await fetchRelease(archive);
  const folder = join(cacheFolder(context.environment), "indexes");
  try {
    await fetchIndexes(release, new Set([options.native, ...options.architectures]), folder, archive);
    const image = await makeBase(engine, recipe, join(folder, options.native), context);
    const architectures: Lock["architectures"] = {};
    for (const architecture of options.architectures) {
      context.onProgress({ title: `Solving the tools image's packages for ${architecture}` });
      architectures[architecture] = await solve(
        engine,
        recipe,
        image,
        architecture,
        join(folder, architecture),
        context,
      );
    }
    return { version: 1, suite: SUITE, component: COMPONENT, date: release.date, architectures };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function archiveOptions(context: ToolsContext): Promise<ArchiveOptions> {
  return { ...context, suite: SUITE, component: COMPONENT, keys: await readArchiveKeys() };
}

/** The keys that Debian's archive is signed with, from tools-images/debian/*.asc. */
export async function readArchiveKeys(): Promise<Key[]> {
  const names = (await readdir(debianFolder())).filter((name) => name.endsWith(".asc"));
  return readTrustedKeys(await Promise.all(names.sort().map((name) => readFile(join(debianFolder(), name), "utf8"))));
}

/** Each in a folder of its architecture's name, which a container can be shown. */
async function fetchIndexes(release: Release, architectures: Set<string>, folder: string, archive: ArchiveOptions) {
  for (const architecture of architectures) {
    await mkdir(join(folder, architecture), { recursive: true });
    await fetchIndex(release, architecture, join(folder, architecture, INDEX), archive);
  }
}

async function makeBase(engine: Engine, recipe: Recipe, folder: string, context: ToolsContext): Promise<string> {
  const index = join(folder, INDEX);
  const base = baseClosure(await readRelations(index), BASE_EXTRA);
  return ensureBase(engine, recipe, await lock(index, base, base), context);
}

async function solve(
  engine: Engine,
  recipe: Recipe,
  image: string,
  architecture: string,
  folder: string,
  context: ToolsContext,
): Promise<LockedArchitecture> {
  const index = join(folder, INDEX);
  const base = baseClosure(await readRelations(index), BASE_EXTRA);
  const names = [...new Set([...base, ...listedFor(recipeList(recipe), architecture)])];
  const shown = await showFiles(engine, folder, [INDEX], "/caisson/index");
  const spec = {
    image,
    command: ["/bin/sh", "/caisson/solve.sh", architecture, ...names],
    ...shown,
    files: { "/caisson/solve.sh": recipe.scripts["solve.sh"], ...shown.files },
  };
  const title = `Solving the tools image's packages for ${architecture}`;
  const lines = await runContainer(engine, spec, title, context, async (_container, output) => output);
  return lock(index, base, parseUris(lines));
}

async function lock(index: string, base: string[], names: string[]): Promise<LockedArchitecture> {
  const locked = await readLocked(index, [STAGE0, ...names]);
  const find = (name: string) => {
    const item = locked.get(name);
    if (!item) throw new Error(`the index of packages lacks ${name}`);
    return item;
  };
  return { stage0: find(STAGE0), base, packages: names.map(find) };
}

/** Sorted package names, as a lock has them, out of apt-get's --print-uris: `'file:/…/apt_3.0.3_amd64.deb' apt_3.0.3_amd64.deb 1393032 SHA256:…`. */
export function parseUris(lines: string[]): string[] {
  return lines
    .flatMap((line) => /^'file:[^']*\/([^/_']+)_[^/']*\.deb' /.exec(line)?.[1] ?? [])
    .map(decodeURIComponent)
    .sort();
}
