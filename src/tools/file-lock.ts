import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface FileLockOptions {
  signal?: AbortSignal;
  /** Called once, where another process has the lock. */
  onWait?: () => void;
  /** Milliseconds between two looks, and after which a lock that nobody refreshes is dead. */
  poll?: number;
  stale?: number;
}

/**
 * Runs `action` while no other process of this host does, by a file that its owner refreshes. A killed owner's lock
 * is taken over. Only spares work: what runs below it must be right without it, too.
 */
export async function withFileLock<T>(
  path: string,
  action: () => Promise<T>,
  options: FileLockOptions = {},
): Promise<T> {
  const { poll = 500, stale = 20_000, signal, onWait } = options;
  await mkdir(dirname(path), { recursive: true });
  const owner = randomUUID();
  for (let waited = false; !(await acquire(path, owner, stale)); waited = true) {
    if (!waited) onWait?.();
    await sleep(poll, undefined, signal ? { signal } : {});
  }
  const refresh = setInterval(() => {
    // Gone: another process believed that this one was dead, and goes on in its place.
    utimes(path, new Date(), new Date()).catch(ignoreMissing);
  }, stale / 10).unref();
  try {
    return await action();
  } finally {
    clearInterval(refresh);
    if ((await readOwner(path)) === owner) await rm(path, { force: true });
  }
}

async function acquire(path: string, owner: string, stale: number): Promise<boolean> {
  try {
    await writeFile(path, owner, { flag: "wx" });
    return true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  const found = await stat(path).catch(ignoreMissing);
  if (found && Date.now() - found.mtimeMs > stale) {
    // Of several that see it, one can rename it.
    await rename(path, `${path}.${owner}`).then(() => rm(`${path}.${owner}`), ignoreMissing);
  }
  return false;
}

function readOwner(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch(ignoreMissing);
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
  return undefined;
}
