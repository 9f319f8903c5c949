import { join } from "node:path";
import type { Engine } from "../engine/engine.ts";
import { UserError } from "../errors.ts";
import { BOOTSTRAP_LABEL } from "./bootstrap.ts";
import { withFileLock } from "./file-lock.ts";
import { buildTools, findTools, toolsReference } from "./image.ts";
import { debianFolder, formatLock, type Lock, lockedFor, readLock } from "./lock.ts";
import { writeAside } from "./packages.ts";
import type { ToolsContext, ToolsProgress } from "./progress.ts";
import { checkLock, type Recipe, readRecipe, toolsKey } from "./recipe.ts";
import { cacheFolder, type Environment, stateFolder } from "./root.ts";
import { makeLock } from "./update.ts";

export interface ToolsOptions {
  /** As in mkosi, `x86-64` or `arm64`; default: the engine's. */
  architecture?: string;
  /** URL of a Debian mirror: `debianMirror().main`. */
  mirror: string;
  /** Make a lock for this host where the repository's names packages that left the mirror. */
  allowUpdate?: boolean;
  onProgress?: (progress: ToolsProgress) => void;
  signal?: AbortSignal;
  environment?: Environment;
}

export interface Tools {
  /** Reference of the image. */
  image: string;
  /** Identifies its content; 64 hexadecimal digits. */
  key: string;
}

/** One way to make the tools image of an architecture. */
export interface ToolsChoice {
  key: string;
  lock: Lock;
}

/**
 * Finds the Debian tools image, or makes it from package files. Two processes that need it at once make it once.
 * Errors: those of fetchPackages, `architecture-not-locked`, `lock-stale`, `tools-step-failed`, `image-build-failed`.
 */
export async function ensureTools(engine: Engine, options: ToolsOptions): Promise<Tools> {
  const recipe = await readRecipe();
  const architecture = await debianArchitecture(engine, options.architecture);
  const context = toolsContext(options);
  const find = async () => findChoice(engine, await readChoices(recipe, architecture, options));
  const present = await find();
  if (present) return present;
  return exclusively(context, async () => {
    const meanwhile = await find();
    if (meanwhile) return meanwhile;
    await removeLeftovers(engine);
    return makeTools(engine, recipe, architecture, options);
  });
}

/** The repository's lock, then this host's own where that replaces it and the caller allows it. */
export async function readChoices(
  recipe: Recipe,
  architecture: string,
  options: Pick<ToolsOptions, "allowUpdate" | "environment">,
): Promise<[ToolsChoice, ...ToolsChoice[]]> {
  const lock = await readLock(repositoryLockPath());
  if (!lock)
    throw new UserError("lock-missing", `${repositoryLockPath()} is missing`, { hint: "Run: caisson tools update" });
  const pinned = choice(recipe, architecture, lock);
  checkLock(recipe, architecture, lockedFor(lock, architecture));
  if (!options.allowUpdate) return [pinned];
  const own = await readLock(hostLockPath(options.environment ?? process.env));
  return own?.replaces === pinned.key ? [pinned, choice(recipe, architecture, own)] : [pinned];
}

export const repositoryLockPath = (): string => join(debianFolder(), "lock.json");

/** The Debian name of an architecture: `x86-64` -> `amd64`. Throws UserError `architecture-unsupported`. */
export async function debianArchitecture(engine: Engine, architecture?: string): Promise<string> {
  const name = architecture ?? ownArchitecture(engine) ?? (await engine.info()).architecture;
  const debian = ARCHITECTURES[name];
  if (debian) return debian;
  const known = Object.keys(ARCHITECTURES).join(" or ");
  throw new UserError("architecture-unsupported", `no tools image runs on ${name}: expected ${known}`, { exitCode: 3 });
}

/** An engine of this machine, or of a virtual machine on it, has its architecture; asking takes podman most of a second. */
function ownArchitecture(engine: Engine): string | undefined {
  return engine.remote ? undefined : { x64: "x86-64", arm64: "arm64" }[process.arch as string];
}

const ARCHITECTURES: Record<string, string> = { "x86-64": "amd64", arm64: "arm64" };

export function toolsContext(options: ToolsOptions): ToolsContext {
  const { mirror, environment = process.env, onProgress = () => undefined, signal } = options;
  return { mirror, environment, onProgress, ...(signal ? { signal } : {}) };
}

/** Runs `action` while no other caisson of this host makes tools images. */
export function exclusively<T>(context: ToolsContext, action: () => Promise<T>): Promise<T> {
  const onWait = () => context.onProgress({ title: "Waiting for another caisson that makes the tools image" });
  const path = join(cacheFolder(context.environment), "tools.lock");
  return withFileLock(path, action, { onWait, ...(context.signal ? { signal: context.signal } : {}) });
}

function hostLockPath(environment: Environment): string {
  return join(stateFolder(environment), "tools-debian-lock.json");
}

function choice(recipe: Recipe, architecture: string, lock: Lock): ToolsChoice {
  return { lock, key: toolsKey(recipe, architecture, lockedFor(lock, architecture)) };
}

async function findChoice(engine: Engine, choices: ToolsChoice[]): Promise<Tools | undefined> {
  for (const { key } of choices) {
    if (await findTools(engine, key)) return { image: toolsReference(key), key };
  }
  return undefined;
}

/** Containers of bootstraps whose caisson was killed. */
async function removeLeftovers(engine: Engine): Promise<void> {
  for (const { id } of await engine.listContainers(BOOTSTRAP_LABEL)) await engine.removeContainer(id);
}

async function makeTools(engine: Engine, recipe: Recipe, architecture: string, options: ToolsOptions): Promise<Tools> {
  const context = toolsContext(options);
  const choices = await readChoices(recipe, architecture, options);
  for (const { lock } of choices) {
    try {
      return await build(engine, recipe, architecture, lock, context);
    } catch (error) {
      const left = error instanceof UserError && error.code === "package-left-mirror";
      if (!left || !options.allowUpdate) throw error;
    }
  }
  const lock = await replaceLock(engine, recipe, architecture, choices[0].key, context);
  return build(engine, recipe, architecture, lock, context);
}

async function build(
  engine: Engine,
  recipe: Recipe,
  architecture: string,
  lock: Lock,
  context: ToolsContext,
): Promise<Tools> {
  const locked = lockedFor(lock, architecture);
  await buildTools(engine, recipe, architecture, locked, context);
  const key = toolsKey(recipe, architecture, locked);
  return { image: toolsReference(key), key };
}

async function replaceLock(
  engine: Engine,
  recipe: Recipe,
  architecture: string,
  replaces: string,
  context: ToolsContext,
): Promise<Lock> {
  const made = await makeLock(engine, recipe, { native: architecture, architectures: [architecture] }, context);
  const path = hostLockPath(context.environment);
  await writeAside(path, formatLock({ ...made, replaces }));
  const title = `Packages of the tools image left the mirror: made a new lock for this host, ${path} (${made.date})`;
  context.onProgress({ title, notice: true });
  return made;
}
