import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { UserError } from "../errors.ts";
import { packageRoot } from "./root.ts";

const LockedPackage = z.object({
  name: z.string(),
  version: z.string(),
  /** Path below any mirror: `pool/main/a/apt/apt_3.0.3_amd64.deb`. */
  filename: z.string().regex(/^pool\//),
  /** Bytes. */
  size: z.number().int(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type LockedPackage = z.infer<typeof LockedPackage>;

const LockedArchitecture = z.object({
  /** The static busybox that unpacks everything else; not installed. */
  stage0: LockedPackage,
  /** Names of those of `packages` that make the base image. */
  base: z.array(z.string()),
  packages: z.array(LockedPackage),
});
export type LockedArchitecture = z.infer<typeof LockedArchitecture>;

const Lock = z.object({
  version: z.literal(1),
  suite: z.string(),
  component: z.string(),
  /** Date of the release file that the versions are from. */
  date: z.string(),
  /** Key of the tools image whose packages had left the mirror; only in a host's own lock. */
  replaces: z.string().optional(),
  architectures: z.record(z.string(), LockedArchitecture),
});
export type Lock = z.infer<typeof Lock>;

/** A line of tools-images/<name>/packages. */
export interface ListedPackage {
  name: string;
  /** Empty: every architecture. */
  architectures: string[];
}

/** The folder of the Debian tools image's package list, lock and keys. */
export const debianFolder = (): string => join(packageRoot(), "tools-images/debian");

/** Reads a lock; undefined where there is no such file. Throws UserError `lock-invalid`. */
export async function readLock(path: string): Promise<Lock | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return text === undefined ? undefined : parseLock(text, path);
}

export function parseLock(text: string, path: string): Lock {
  try {
    return Lock.parse(JSON.parse(text));
  } catch (error) {
    const issue = error instanceof z.ZodError ? error.issues[0] : undefined;
    const detail = issue ? `${issue.path.join(".")}: ${issue.message}` : String(error);
    throw new UserError("lock-invalid", `${path} is not a tools lock: ${detail}`, {
      hint: "caisson tools update writes a new one",
      cause: error,
    });
  }
}

/** Sorted, so that a new lock differs from the old one only where a package does. */
export function formatLock(lock: Lock): string {
  const architectures = Object.entries(lock.architectures).sort(byText(([name]) => name));
  const sorted = architectures.map(([name, { stage0, base, packages }]) => [
    name,
    { stage0, base: [...base].sort(), packages: [...packages].sort(byText((item) => item.name)) },
  ]);
  return `${JSON.stringify({ ...lock, architectures: Object.fromEntries(sorted) }, null, 2)}\n`;
}

/** What the lock has for an architecture (`amd64`). Throws UserError `architecture-not-locked`. */
export function lockedFor(lock: Lock, architecture: string): LockedArchitecture {
  const locked = lock.architectures[architecture];
  if (locked) return locked;
  const known = Object.keys(lock.architectures).join(", ");
  throw new UserError("architecture-not-locked", `no tools image for ${architecture}: the lock has ${known}`, {
    exitCode: 3,
  });
}

/** Reads a package list: a name per line, `[amd64 arm64]` behind it restricts it, `#` begins a comment. */
export function parsePackageList(text: string, path: string): ListedPackage[] {
  return text.split("\n").flatMap((line, index) => {
    const content = line.replace(/#.*/, "").trim();
    if (content === "") return [];
    const match = /^([a-z0-9][a-z0-9+.-]+)(?:\s+\[([a-z0-9 -]+)\])?$/.exec(content);
    if (!match?.[1]) {
      throw new UserError(
        "package-list-invalid",
        `${path}:${index + 1}: "${content}": expected NAME or NAME [ARCHITECTURE…]`,
      );
    }
    return [{ name: match[1], architectures: match[2]?.split(/\s+/) ?? [] }];
  });
}

/** Names of the list for one architecture, in its order. */
export function listedFor(list: ListedPackage[], architecture: string): string[] {
  return list
    .filter(({ architectures }) => architectures.length === 0 || architectures.includes(architecture))
    .map(({ name }) => name);
}

function byText<T>(text: (item: T) => string): (a: T, b: T) => number {
  // Not localeCompare: the order must not depend on the host's locale.
  return (a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0);
}
