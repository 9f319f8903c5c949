import { createHash } from "node:crypto";
import type { Key } from "openpgp";
import { UserError } from "../errors.ts";
import { download, get, type HttpOptions, NotFound } from "./http.ts";
import { type Release, readRelease } from "./release.ts";

export interface ArchiveOptions extends HttpOptions {
  /** URL without a trailing slash. */
  mirror: string;
  suite: string;
  component: string;
  keys: Key[];
}

/** Gets and verifies the release file of a suite. Errors: `mirror-unreachable`, `suite-not-found`, and readRelease's. */
export async function fetchRelease(options: ArchiveOptions): Promise<Release> {
  const url = `${options.mirror}/dists/${options.suite}/InRelease`;
  const text = await get(url, options).catch((error: unknown) => {
    throw error instanceof NotFound ? noSuite(url, options) : error;
  });
  return readRelease(text.toString("utf8"), options.keys, url);
}

/**
 * Writes the suite's index for one architecture, `Packages.gz`, to `path`. Throws UserError `index-hash-mismatch` where
 * its bytes are not those that the release names.
 */
export async function fetchIndex(
  release: Release,
  architecture: string,
  path: string,
  options: ArchiveOptions,
): Promise<void> {
  const name = `${options.component}/binary-${architecture}/Packages.gz`;
  const expected = release.hashes.get(name);
  const folder = `${options.mirror}/dists/${options.suite}`;
  if (!expected) throw new UserError("index-not-listed", `${folder}/InRelease does not list ${name}`);
  // By hash, where a mirror that is being updated still has the index of this release file.
  const byHash = `${folder}/${name.replace(/[^/]+$/, "by-hash/SHA256/")}${expected}`;
  const url = `${folder}/${name}`;
  const actual = (await downloadIfThere(byHash, path, options)) ?? (await downloadIfThere(url, path, options));
  if (!actual) throw missing(url);
  if (actual !== expected) throw mismatch(url, expected, actual);
}

export function sha256(bytes: Buffer | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function downloadIfThere(url: string, path: string, options: ArchiveOptions): Promise<string | undefined> {
  return download(url, path, options).catch((error: unknown) => {
    if (error instanceof NotFound) return undefined;
    throw error;
  });
}

function noSuite(url: string, { mirror, suite }: ArchiveOptions): UserError {
  return new UserError("suite-not-found", `${mirror} has no suite ${suite}: ${url} is not there`, {
    hint: "Name a mirror of Debian's own archive with CAISSON_DEBIAN_MIRROR=URL.",
  });
}

function missing(url: string): UserError {
  return new UserError("mirror-incomplete", `${url} is not there, though the release file lists it`, {
    hint: "The mirror is being updated: wait a little, or name another with CAISSON_DEBIAN_MIRROR=URL.",
  });
}

function mismatch(url: string, expected: string, actual: string): UserError {
  return new UserError(
    "index-hash-mismatch",
    `${url} has SHA-256 ${actual}, but the signed release file says ${expected}`,
    { hint: "The mirror is being updated or is broken: try again, or name another with CAISSON_DEBIAN_MIRROR=URL." },
  );
}
