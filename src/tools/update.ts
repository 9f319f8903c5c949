import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Key } from "openpgp";
import type { Engine } from "../engine/engine.ts";
import { type ArchiveOptions, fetchIndex, fetchRelease, type Index, toLocked } from "./archive.ts";
import { ensureBase } from "./bootstrap.ts";
import { baseClosure } from "./closure.ts";
import { debianFolder, type Lock, type LockedArchitecture, listedFor } from "./lock.ts";
import type { ToolsContext } from "./progress.ts";
import { type Recipe, recipeList } from "./recipe.ts";
import { type Release, readTrustedKeys } from "./release.ts";
import { runContainer } from "./run.ts";

/** Only the suite itself: a security update leaves the pool as soon as the next one supersedes it. */
const SUITE = "trixie";
const COMPONENT = "main";
/** What the base image has on top of the essential packages: it installs the rest. */
const BASE_EXTRA = ["apt"];
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
  const base = await makeBase(engine, recipe, release, options.native, archive, context);
  const architectures: Lock["architectures"] = {};
  for (const architecture of options.architectures) {
    context.onProgress({ title: `Solving the tools image's packages for ${architecture}` });
    const index = await fetchIndex(release, architecture, archive);
    architectures[architecture] = await solve(engine, recipe, base, architecture, index, context);
  }
  return { version: 1, suite: SUITE, component: COMPONENT, date: release.date, architectures };
}

async function archiveOptions(context: ToolsContext): Promise<ArchiveOptions> {
  return { ...context, suite: SUITE, component: COMPONENT, keys: await readArchiveKeys() };
}

/** The keys that Debian's archive is signed with, from tools-images/debian/*.asc. */
export async function readArchiveKeys(): Promise<Key[]> {
  const names = (await readdir(debianFolder())).filter((name) => name.endsWith(".asc"));
  return readTrustedKeys(await Promise.all(names.sort().map((name) => readFile(join(debianFolder(), name), "utf8"))));
}

async function makeBase(
  engine: Engine,
  recipe: Recipe,
  release: Release,
  architecture: string,
  archive: ArchiveOptions,
  context: ToolsContext,
): Promise<string> {
  const index = await fetchIndex(release, architecture, archive);
  const base = baseClosure(index.packages, BASE_EXTRA);
  const locked = { stage0: lockPackage(index, STAGE0), base, packages: base.map((name) => lockPackage(index, name)) };
  return ensureBase(engine, recipe, locked, context);
}

async function solve(
  engine: Engine,
  recipe: Recipe,
  image: string,
  architecture: string,
  index: Index,
  context: ToolsContext,
): Promise<LockedArchitecture> {
  const base = baseClosure(index.packages, BASE_EXTRA);
  const names = [...new Set([...base, ...listedFor(recipeList(recipe), architecture)])];
  const spec = {
    image,
    command: ["/bin/sh", "/caisson/solve.sh", architecture, ...names],
    files: { "/caisson/solve.sh": recipe.scripts["solve.sh"], "/caisson/index/Packages.gz": index.compressed },
  };
  const title = `Solving the tools image's packages for ${architecture}`;
  const lines = await runContainer(engine, spec, title, context, async (_container, output) => output);
  const packages = parseUris(lines).map((name) => lockPackage(index, name));
  return { stage0: lockPackage(index, STAGE0), base, packages };
}

/** Sorted package names, as a lock has them, out of apt-get's --print-uris: `'file:/…/apt_3.0.3_amd64.deb' apt_3.0.3_amd64.deb 1393032 SHA256:…`. */
export function parseUris(lines: string[]): string[] {
  return lines
    .flatMap((line) => /^'file:[^']*\/([^/_']+)_[^/']*\.deb' /.exec(line)?.[1] ?? [])
    .map(decodeURIComponent)
    .sort();
}

function lockPackage(index: Index, name: string) {
  const stanza = index.packages.get(name);
  if (!stanza) throw new Error(`apt chose ${name}, which the index lacks`);
  return toLocked(stanza);
}
