import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Environment variables, injected so that tests need no real ones. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder of this package: where `tools-images/` and `Containerfiles/` lie, whether the code runs from
 * `src/` or from the bundle in `dist/`.
 */
export function packageRoot(start = dirname(fileURLToPath(import.meta.url))): string {
  for (let folder = start; ; folder = dirname(folder)) {
    const manifest = join(folder, "package.json");
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).name === "caisson") return folder;
    if (dirname(folder) === folder) throw new Error(`no package.json of caisson above ${start}`);
  }
}

/** $XDG_CACHE_HOME/caisson, as in the XDG Base Directory Specification: relative values are ignored. */
export function cacheFolder(environment: Environment): string {
  return baseFolder(environment, "XDG_CACHE_HOME", ".cache");
}

/** $XDG_STATE_HOME/caisson. */
export function stateFolder(environment: Environment): string {
  return baseFolder(environment, "XDG_STATE_HOME", ".local/state");
}

function baseFolder(environment: Environment, variable: string, fallback: string): string {
  const value = environment[variable];
  const base = value?.startsWith("/") ? value : join(environment.HOME || homedir(), fallback);
  return join(base, "caisson");
}
