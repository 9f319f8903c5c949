import type { Engine } from "../engine/engine.ts";
import { BOOTSTRAP_LABEL } from "../tools/bootstrap.ts";
import { KEY_LABEL, TOOLS_LABEL } from "../tools/image.ts";
import { formatLock, type Lock, lockedFor, readLock } from "../tools/lock.ts";
import { writeAside } from "../tools/packages.ts";
import { readRecipe, toolsKey } from "../tools/recipe.ts";
import {
  debianArchitecture,
  ensureTools,
  exclusively,
  readChoices,
  repositoryLockPath,
  type Tools,
  type ToolsOptions,
  toolsContext,
} from "../tools/tools.ts";
import { makeLock } from "../tools/update.ts";

export interface ToolsImage {
  reference: string;
  /** `debian`, or `base` for what it was made from. */
  kind: string;
  key: string;
  /** Bytes. */
  size: number;
  created: Date;
  /** What a build would use now. */
  current: boolean;
}

export interface LockChange {
  architecture: string;
  name: string;
  /** Version; undefined where the package was not in that lock. */
  from: string | undefined;
  to: string | undefined;
}

/** The tools images that the engine has, newest first. */
export async function listTools(engine: Engine, options: ToolsOptions): Promise<ToolsImage[]> {
  const keys = await currentKeys(engine, options);
  const images = (await engine.listImages(TOOLS_LABEL)).map(({ id, references, labels, size, created }) => {
    const kind = labels[TOOLS_LABEL] ?? "";
    const key = labels[KEY_LABEL] ?? labels["caisson.base.key"] ?? "";
    return { reference: references[0] ?? id, kind, key, size, created, current: keys.has(key) };
  });
  return images.sort((a, b) => b.created.getTime() - a.created.getTime());
}

/** Makes the tools image where the engine does not have it. */
export function buildToolsImage(engine: Engine, options: ToolsOptions): Promise<Tools> {
  return ensureTools(engine, options);
}

/** Writes the repository's lock anew, for every architecture. Resolves to what changed; empty: nothing did. */
export async function updateTools(engine: Engine, options: ToolsOptions): Promise<LockChange[]> {
  const path = repositoryLockPath();
  const context = toolsContext(options);
  const native = await debianArchitecture(engine, options.architecture);
  const recipe = await readRecipe();
  const before = await readLock(path);
  const architectures = ["amd64", "arm64"];
  const after = await exclusively(context, () => makeLock(engine, recipe, { native, architectures }, context));
  await writeAside(path, formatLock(after));
  return architectures.flatMap((architecture) => changes(architecture, before, after));
}

/** Removes every tools image but the current one, all bases, and what killed bootstraps left. Resolves to their names. */
export async function pruneTools(engine: Engine, options: ToolsOptions): Promise<string[]> {
  return exclusively(toolsContext(options), async () => {
    for (const { id } of await engine.listContainers(BOOTSTRAP_LABEL)) await engine.removeContainer(id);
    const old = (await listTools(engine, options)).filter(({ current }) => !current);
    for (const { reference } of old) await engine.removeImage(reference);
    return old.map(({ reference }) => reference);
  });
}

async function currentKeys(engine: Engine, options: ToolsOptions): Promise<Set<string>> {
  const recipe = await readRecipe();
  const architecture = await debianArchitecture(engine, options.architecture);
  // A host's own lock is in use as well, whether or not this call may make one.
  const choices = await readChoices(recipe, architecture, { ...options, allowUpdate: true });
  return new Set(choices.map(({ lock }) => toolsKey(recipe, architecture, lockedFor(lock, architecture))));
}

function changes(architecture: string, before: Lock | undefined, after: Lock): LockChange[] {
  const from = versions(before, architecture);
  const to = versions(after, architecture);
  return [...new Set([...from.keys(), ...to.keys()])]
    .sort()
    .map((name) => ({ architecture, name, from: from.get(name), to: to.get(name) }))
    .filter((change) => change.from !== change.to);
}

function versions(lock: Lock | undefined, architecture: string): Map<string, string> {
  const packages = lock?.architectures[architecture]?.packages ?? [];
  return new Map(packages.map(({ name, version }) => [name, version]));
}
