import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../../context.ts";
import { BuildError, ToolError } from "../../errors.ts";
import { lookUp, publish, publishJson, readJson } from "../../store.ts";
import { sha256, valueHash } from "../../tree/hash.ts";
import type { Metadata } from "../package-manager.ts";
import { renderSources } from "./options.ts";
import { fetchThroughProxy } from "./through-proxy.ts";
import { apt, makeIndexFolders } from "./tool.ts";

/**
 * Fetches each suite's signed InRelease file, which names the hash of everything else. Where they are the ones that an
 * index on the volume was made from, that index is current; else apt updates a copy of the latest one, and checks it.
 */
export function sync(context: Context): Promise<Metadata> {
  const { cacheOnly } = context.image;
  const cached = cacheOnly === "metadata" || cacheOnly === "always";
  return context.share(`index ${sourcesKey(context)} ${cached}`, () => refresh(context, cached));
}

async function refresh(context: Context, cached: boolean): Promise<Metadata> {
  const path = cached ? await latestIndex(context) : await currentIndex(context);
  const texts = await releaseFiles(path);
  return { key: indexKey(context, texts), path, date: newestDate(texts) };
}

async function currentIndex(context: Context): Promise<string> {
  const releases = hasOwnSources(context) ? undefined : await fetchReleases(context);
  const known = releases && (await lookUp("indexes", indexKey(context, releases)));
  return known ?? update(context);
}

/** What SandboxTrees= say of repositories only apt knows. */
function hasOwnSources({ sandbox }: Context): boolean {
  return sandbox !== undefined && SOURCES.some((path) => existsSync(join(sandbox.path, path)));
}

const SOURCES = ["etc/apt/sources.list", "etc/apt/sources.list.d"];

/** The index that was made last. Nobody is asked for a newer one. */
async function latestIndex(context: Context): Promise<string> {
  const latest = await readJson<string>("latest", `index-${sourcesKey(context)}`);
  const path = latest && (await lookUp("indexes", latest));
  if (path) return path;
  const { cacheOnly, distribution, release } = context.image;
  throw new BuildError(
    "cache-missing",
    `CacheOnly=${cacheOnly}: no index of ${distribution} ${release} is in the cache`,
    {
      hint: "Build once with CacheOnly=auto, from the same mirror.",
    },
  );
}

function sourcesKey(context: Context): string {
  const { packageArchitecture, repositories } = context.image;
  const sandbox = context.sandbox?.key;
  return valueHash({ sources: renderSources(repositories), packageArchitecture, sandbox }).slice(0, 32);
}

function indexKey(context: Context, releases: string[]): string {
  return valueHash({ sources: sourcesKey(context), releases: releases.map(sha256).sort() }).slice(0, 32);
}

/** The suites' InRelease files as the mirrors have them now; undefined where a repository has none. */
async function fetchReleases(context: Context): Promise<string[] | undefined> {
  const urls = context.image.repositories.flatMap(({ uri, suites }) =>
    suites.map((suite) => `${uri.replace(/\/$/, "")}/dists/${suite}/InRelease`),
  );
  const texts = await Promise.all(urls.map((url) => fetchText(context, url)));
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

async function fetchText(context: Context, url: string): Promise<string | undefined> {
  const { signal } = context;
  if (!/^https?:/.test(url)) return undefined;
  try {
    if (context.image.proxy) return await fetchThroughProxy(context, url);
    const response = await fetch(url, { signal, headers: { "cache-control": "max-age=0" } });
    return response.ok ? await response.text() : undefined;
  } catch (error) {
    signal.throwIfAborted();
    throw unreachable(url, error);
  }
}

/** The error for a mirror that does not answer. */
export function unreachable(url: string, error: unknown): BuildError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  return new BuildError("mirror-unreachable", `the mirror does not answer: ${url}: ${cause}`, {
    hint: "Look at the network, or name another mirror with Mirror=.",
    cause: error,
  });
}

/** apt-get update, on a copy of the newest index of these sources where there is one: unchanged lists are not fetched again. */
async function update(context: Context): Promise<string> {
  const index = join(context.work, "index");
  await mkdir(index, { recursive: true });
  const latest = await readJson<string>("latest", `index-${sourcesKey(context)}`);
  const previous = latest && (await lookUp("indexes", latest));
  if (previous) await cp(join(previous, "lists"), join(index, "lists"), { recursive: true, preserveTimestamps: true });
  await makeIndexFolders(index);
  await apt(context, { index }, ["apt-get", "update"], { network: true }).catch((error) => {
    throw updateError(error);
  });
  const key = indexKey(context, await releaseFiles(index));
  const path = await publish(index, "indexes", key);
  await publishJson("latest", `index-${sourcesKey(context)}`, key);
  return path;
}

async function releaseFiles(index: string): Promise<string[]> {
  const lists = join(index, "lists");
  const names = (await readdir(lists)).filter((name) => name.endsWith("Release")).sort();
  return Promise.all(names.map((name) => readFile(join(lists, name), "utf8")));
}

/** Seconds. */
function newestDate(releases: string[]): number {
  const dates = releases.map((text) => Date.parse(/^Date: (.+)$/m.exec(text)?.[1] ?? ""));
  const known = dates.filter((date) => !Number.isNaN(date));
  if (known.length === 0) throw new BuildError("index-invalid", "no repository's Release file has a Date field");
  return Math.max(...known) / 1000;
}

const UPDATE_ERRORS: { pattern: RegExp; code: string; message: string; hint: string }[] = [
  {
    pattern: /NO_PUBKEY|BADSIG|EXPKEYSIG|is not signed|sqv returned an error|OpenPGP signature verification failed/,
    code: "signature-invalid",
    message: "a repository's signature is not valid",
    hint: "The mirror may be broken or tampered with, or the repository signed by a key that is not in its keyring.",
  },
  {
    pattern: /Hash Sum mismatch|File has unexpected size/,
    code: "index-invalid",
    message: "a repository's index does not have the hash that its release file names",
    hint: "The mirror may be in the middle of an update: try again, or name another one with Mirror=.",
  },
  {
    pattern: /does not have a Release file|404 +Not Found/,
    code: "release-not-found",
    message: "the mirror does not have a suite that was asked for",
    hint: "Look at Release=, Repositories= and Mirror=.",
  },
  {
    pattern: /Could not (connect|resolve|handshake)|Connection (failed|refused|timed out)/,
    code: "mirror-unreachable",
    message: "a mirror does not answer",
    hint: "Look at the network, or name another mirror with Mirror=.",
  },
];

function updateError(error: unknown): unknown {
  if (!(error instanceof ToolError)) return error;
  const known = UPDATE_ERRORS.find(({ pattern }) => error.output.some((line) => pattern.test(line)));
  if (!known) return error;
  const line = error.output.find((text) => known.pattern.test(text)) ?? "";
  const { code, message, hint } = known;
  return new BuildError(code, `${message}: ${line.trim()}`, { hint, command: error.command, tail: error.tail });
}
