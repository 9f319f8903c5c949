import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import type { Key } from "openpgp";
import { UserError } from "../errors.ts";
import { readStanzas, type Stanza } from "./deb822.ts";
import { get, type HttpOptions, NotFound } from "./http.ts";
import type { LockedPackage } from "./lock.ts";
import { type Release, readRelease } from "./release.ts";

export interface ArchiveOptions extends HttpOptions {
  /** URL without a trailing slash. */
  mirror: string;
  suite: string;
  component: string;
  keys: Key[];
}

/** A suite's index for one architecture, verified from the release's signature down. */
export interface Index {
  /** `Packages.gz` as it is, for apt. */
  compressed: Buffer;
  /** The newest version of each package, by name. */
  packages: Map<string, Stanza>;
}

/** Gets and verifies the release file of a suite. Errors: `mirror-unreachable`, `suite-not-found`, and readRelease's. */
export async function fetchRelease(options: ArchiveOptions): Promise<Release> {
  const url = `${options.mirror}/dists/${options.suite}/InRelease`;
  const text = await getOr(url, options, () => {
    return new UserError("suite-not-found", `${options.mirror} has no suite ${options.suite}: ${url} is not there`, {
      hint: "Name a mirror of Debian's own archive with CAISSON_DEBIAN_MIRROR=URL.",
    });
  });
  return readRelease(text.toString("utf8"), options.keys, url);
}

/** Gets the index that the release names. Throws UserError `index-hash-mismatch` where its bytes are others. */
export async function fetchIndex(release: Release, architecture: string, options: ArchiveOptions): Promise<Index> {
  const path = `${options.component}/binary-${architecture}/Packages.gz`;
  const expected = release.hashes.get(path);
  const folder = `${options.mirror}/dists/${options.suite}`;
  if (!expected) throw new UserError("index-not-listed", `${folder}/InRelease does not list ${path}`);
  // By hash, where a mirror that is being updated still has the index of this release file.
  const byHash = `${folder}/${path.replace(/[^/]+$/, "by-hash/SHA256/")}${expected}`;
  const bytes = await get(byHash, options).catch((error: unknown) => {
    if (error instanceof NotFound) return getOr(`${folder}/${path}`, options, () => missing(`${folder}/${path}`));
    throw error;
  });
  const actual = sha256(bytes);
  if (actual !== expected) throw mismatch(`${folder}/${path}`, expected, actual);
  return { compressed: bytes, packages: readPackages(gunzipSync(bytes).toString("utf8")) };
}

/** Where a stanza of the index lies, and what it must be. */
export function toLocked(stanza: Stanza): LockedPackage {
  const field = (name: string) => {
    const value = stanza.get(name);
    if (!value) throw new Error(`the index has a package without ${name}: ${stanza.get("package")}`);
    return value;
  };
  return {
    name: field("package"),
    version: field("version"),
    filename: field("filename"),
    size: Number(field("size")),
    sha256: field("sha256"),
  };
}

export function sha256(bytes: Buffer | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function readPackages(text: string): Map<string, Stanza> {
  const packages = new Map<string, Stanza>();
  // Within a suite dak lists a package once; where it does not, the last is the newest.
  for (const stanza of readStanzas(text)) packages.set(stanza.get("package") ?? "", stanza);
  return packages;
}

function getOr(url: string, options: HttpOptions, missing: () => UserError): Promise<Buffer> {
  return get(url, options).catch((error: unknown) => {
    throw error instanceof NotFound ? missing() : error;
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
