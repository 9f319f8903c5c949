import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import pLimit from "p-limit";
import { UserError } from "../errors.ts";
import { download, type HttpOptions, NotFound } from "./http.ts";
import type { LockedPackage } from "./lock.ts";
import { cacheFolder, type Environment } from "./root.ts";

export interface FetchOptions extends HttpOptions {
  /** URL without a trailing slash. */
  mirror: string;
  /** Bytes. */
  onProgress?: (current: number, total: number) => void;
}

const PARALLEL = 6;

/** Where package files are kept on this host, by hash. */
export function packageFolder(environment: Environment): string {
  return join(cacheFolder(environment), "packages");
}

export function packageFile(environment: Environment, item: LockedPackage): string {
  return join(packageFolder(environment), `${item.sha256}.deb`);
}

/**
 * Brings what is not in the host's cache into it. A file of the cache was checked before it got its name.
 * Errors: `package-left-mirror` (names all), `package-hash-mismatch`, `mirror-unreachable`.
 */
export async function fetchPackages(packages: LockedPackage[], options: FetchOptions): Promise<void> {
  await mkdir(packageFolder(options.environment), { recursive: true });
  const missing = await filterMissing(packages, options.environment);
  const total = missing.reduce((sum, item) => sum + item.size, 0);
  let current = 0;
  const onBytes = (bytes: number) => {
    current += bytes;
    options.onProgress?.(current, total);
  };
  const abort = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, abort.signal]) : abort.signal;
  const limit = pLimit(PARALLEL);
  const left: LockedPackage[] = [];
  const fetchOne = async (item: LockedPackage) => {
    const there = await fetchPackage(item, { ...options, signal, onBytes });
    if (!there) left.push(item);
  };
  try {
    await Promise.all(missing.map((item) => limit(fetchOne, item)));
  } catch (error) {
    abort.abort(error);
    throw error;
  }
  if (left.length > 0) throw leftMirror(left, options.mirror);
}

async function filterMissing(packages: LockedPackage[], environment: Environment): Promise<LockedPackage[]> {
  const sizes = await Promise.all(
    packages.map((item) =>
      stat(packageFile(environment, item)).then(
        ({ size }) => size,
        (error: NodeJS.ErrnoException) => {
          if (error.code === "ENOENT") return -1;
          throw error;
        },
      ),
    ),
  );
  return packages.filter((item, index) => sizes[index] !== item.size);
}

/** False where the mirror no longer has the file. */
async function fetchPackage(item: LockedPackage, options: FetchOptions): Promise<boolean> {
  const url = `${options.mirror}/${item.filename}`;
  try {
    await writeAside(packageFile(options.environment, item), async (aside) => {
      const actual = await download(url, aside, options);
      if (actual !== item.sha256) throw mismatch(url, item.sha256, actual);
    });
    return true;
  } catch (error) {
    if (error instanceof NotFound) return false;
    throw error;
  }
}

/** Complete or not at all, also where two processes write the same file. `content` may write it itself, where it is told. */
export async function writeAside(path: string, content: string | ((aside: string) => Promise<void>)): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const aside = `${path}.${randomUUID()}`;
  try {
    await (typeof content === "string" ? writeFile(aside, content) : content(aside));
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

/** A package's bytes from the cache, after fetchPackages. */
export function readPackage(environment: Environment, item: LockedPackage): Promise<Buffer> {
  return readFile(packageFile(environment, item));
}

function mismatch(url: string, expected: string, actual: string): UserError {
  return new UserError("package-hash-mismatch", `${url} has SHA-256 ${actual}, expected ${expected}`, {
    hint: "The mirror or something on the way changed the file. Try another mirror with CAISSON_DEBIAN_MIRROR=URL.",
  });
}

function leftMirror(packages: LockedPackage[], mirror: string): UserError {
  const names = packages.map(({ name, version }) => `${name} ${version}`).sort();
  const shown = names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
  return new UserError(
    "package-left-mirror",
    `the tools image's lock names packages that ${mirror} no longer has: ${shown}`,
    {
      hint: "Run: caisson tools update (or build with --tools-update, which makes a new lock for this host)",
    },
  );
}
