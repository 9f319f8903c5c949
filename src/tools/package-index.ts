/**
 * Reads a suite's index of packages (`Packages.gz`; Debian repository format). It holds some 70,000 of them, so it is
 * read as a stream, once for each question, and only the answer is kept.
 */
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { type Stanza, streamStanzas } from "./deb822.ts";
import type { LockedPackage } from "./lock.ts";

/** What decides whether a package is needed: fields as in deb-control(5) without versions, empty where it has none. */
export interface Relations {
  essential: boolean;
  priority: string;
  provides: string;
  /** Of `Pre-Depends` and `Depends`. */
  depends: string;
}

const RELATIONS = ["essential", "priority", "provides", "pre-depends", "depends"];

/** The relations of every package, by name. `path` is a verified index. */
export async function readRelations(path: string): Promise<Map<string, Relations>> {
  const packages = new Map<string, Relations>();
  // Within a suite dak lists a package once; where it does not, the last is the newest.
  await eachStanza(path, RELATIONS, (name, stanza) => packages.set(name, relations(stanza)));
  return packages;
}

/** What a stanza says of its package's relations. */
export function relations(stanza: Stanza): Relations {
  const depends = [stanza.get("pre-depends"), stanza.get("depends")].filter((field) => field !== undefined);
  return {
    essential: stanza.get("essential") === "yes",
    priority: stanza.get("priority") ?? "",
    provides: withoutVersions(stanza.get("provides") ?? ""),
    depends: withoutVersions(depends.join(", ")),
  };
}

function withoutVersions(field: string): string {
  // A copy: what replace() returns takes three times the memory.
  return Buffer.from(field.replace(/\s*\([^)]*\)/g, "")).toString();
}

/** Where packages lie, and what they must be, by name. `path` is a verified index. Absent: it lacks the package. */
export async function readLocked(path: string, names: string[]): Promise<Map<string, LockedPackage>> {
  const wanted = new Set(names);
  const found = new Map<string, Stanza>();
  await eachStanza(path, LOCKED, (name, stanza) => {
    if (wanted.has(name)) found.set(name, stanza);
  });
  return new Map([...found].map(([name, stanza]) => [name, toLocked(stanza)]));
}

const LOCKED = ["version", "filename", "size", "sha256"];

function toLocked(stanza: Stanza): LockedPackage {
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

/** `visit` does not throw: the streams would put an error of their own in the place of its. */
async function eachStanza(
  path: string,
  fields: string[],
  visit: (name: string, stanza: Stanza) => void,
): Promise<void> {
  await pipeline(createReadStream(path), createGunzip({ chunkSize: 1 << 16 }), async (text: AsyncIterable<Buffer>) => {
    for await (const stanza of streamStanzas(text, ["package", ...fields])) visit(stanza.get("package") ?? "", stanza);
  });
}
