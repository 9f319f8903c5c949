import { createHash } from "node:crypto";
import { createWriteStream, existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import pLimit from "p-limit";
import type { Context } from "../../context.ts";
import { BuildError } from "../../errors.ts";
import { currentStep } from "../../events.ts";
import { publish, storePath } from "../../store.ts";
import { fileHash } from "../../tree/hash.ts";
import type { Package } from "../package-manager.ts";
import { unreachable } from "./sync.ts";
import { fetchThroughProxy } from "./through-proxy.ts";

const PARALLEL = 8;
const ATTEMPTS = 3;

/** The file of a package on the volume. */
export function packageFile(entry: Package): string {
  return storePath("packages", `${entry.sha256}.deb`);
}

/** Downloads what the volume does not have; every byte is checked against the hash of the signed index. */
export async function fetchPackages(context: Context, packages: Package[]): Promise<void> {
  const cached = context.image.cacheOnly === "always";
  const anew = context.plan.rebuild === "all" && !cached;
  // What is no URL of a network is one of the user's own packages, which are on the volume.
  const missing = packages.filter((entry) => (anew && /^https?:/.test(entry.uri)) || !existsSync(packageFile(entry)));
  if (missing.length === 0) return;
  if (cached) throw notCached(missing);
  const folder = join(context.work, "download");
  await mkdir(folder, { recursive: true });
  const report = progress(context, missing);
  const limit = pLimit(PARALLEL);
  try {
    await Promise.all(missing.map((entry) => limit(() => fetchOnce(context, folder, entry, report))));
  } finally {
    limit.clearQueue();
  }
}

/** Tells the host at most ten times a second how much has come. */
function progress(context: Context, packages: Package[]): (bytes: number) => void {
  const total = packages.reduce((sum, { size }) => sum + size, 0);
  const id = currentStep();
  let current = 0;
  let last = 0;
  return (bytes) => {
    current += bytes;
    if (id === undefined || (Date.now() - last < 100 && current < total)) return;
    last = Date.now();
    context.emit({ type: "progress", id, current, total, unit: "bytes" });
  };
}

function notCached(packages: Package[]): BuildError {
  const names = packages.map(({ name, version }) => `${name} ${version}`).sort();
  const shown = names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
  return new BuildError("cache-missing", `CacheOnly=always: not in the cache: ${shown}`, {
    hint: "Build once with CacheOnly=metadata, which fetches packages.",
  });
}

/** Images of one build that miss the same package wait for one download. */
function fetchOnce(context: Context, folder: string, entry: Package, report: (bytes: number) => void): Promise<void> {
  return context.share(`download ${entry.sha256}`, () => fetchOne(context, folder, entry, report));
}

async function fetchOne(context: Context, folder: string, entry: Package, report: (bytes: number) => void) {
  const aside = join(folder, entry.sha256);
  for (let attempt = 1; ; attempt++) {
    try {
      await download(context, entry, aside, report);
      await publish(aside, "packages", `${entry.sha256}.deb`, context.plan.rebuild === "all");
      return;
    } catch (error) {
      await rm(aside, { force: true });
      context.signal.throwIfAborted();
      if (error instanceof BuildError || attempt === ATTEMPTS)
        throw error instanceof BuildError ? error : unreachable(entry.uri, error);
    }
  }
}

async function download(context: Context, entry: Package, aside: string, report: (bytes: number) => void) {
  if (context.image.proxy) return downloadThroughProxy(context, entry, aside, report);
  const response = await fetch(entry.uri, { signal: context.signal });
  if (response.status >= 500) throw new Error(`${response.status} ${response.statusText}`);
  if (!response.ok || !response.body)
    throw new BuildError(
      "package-missing",
      `the mirror does not have ${entry.uri}: ${response.status} ${response.statusText}`,
      {
        hint: "The mirror may be in the middle of an update: try again, or name another one with Mirror=.",
      },
    );
  const hash = createHash("sha256");
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      report(chunk.length);
      done(null, chunk);
    },
  });
  await pipeline(Readable.fromWeb(response.body as ReadableStream), meter, createWriteStream(aside));
  checkHash(entry, hash.digest("hex"));
}

async function downloadThroughProxy(
  context: Context,
  entry: Package,
  aside: string,
  report: (bytes: number) => void,
): Promise<void> {
  await rm(aside, { force: true });
  const answer = await fetchThroughProxy(context, entry.uri, aside);
  if (answer === undefined)
    throw new BuildError("package-missing", `the mirror does not have ${entry.uri}, or the proxy refuses it`, {
      hint: "Look at ProxyUrl=, or name another mirror with Mirror=.",
    });
  checkHash(entry, await fileHash(aside));
  report(entry.size);
}

function checkHash(entry: Package, actual: string): void {
  if (actual !== entry.sha256)
    throw new BuildError(
      "package-invalid",
      `${entry.uri} has the SHA-256 ${actual}, the signed index says ${entry.sha256}`,
      {
        hint: "The mirror is broken or tampered with: name another one with Mirror=.",
      },
    );
}
