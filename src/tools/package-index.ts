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
  name: string;
  essential: boolean;
  priority: string;
  provides: string;
  /** Of `Pre-Depends` and `Depends`. */
  depends: string;
}

/** The relations of every package, as rows of text in one block outside V8's heap: as objects they take ten times that. */
export class RelationsTable {
  /** Room for a whole suite; the kernel gives only the pages that are written to. */
  #rows = Buffer.alloc(1 << 24);
  #used = this.#rows.write("\n");

  add(stanza: Stanza): void {
    const depends = [stanza.get("pre-depends"), stanza.get("depends")].filter((field) => field !== undefined).join(",");
    const fields = [
      stanza.get("package"),
      stanza.get("essential"),
      stanza.get("priority"),
      stanza.get("provides"),
      depends,
    ];
    const row = `${fields.map((field) => withoutVersions(field ?? "")).join("\t")}\n`;
    const size = Buffer.byteLength(row);
    if (this.#used + size > this.#rows.length)
      this.#rows = Buffer.concat([this.#rows.subarray(0, this.#used)], 2 * this.#used + size);
    this.#used += this.#rows.write(row, this.#used);
  }

  /** Within a suite dak lists a package once; where it does not, the last is the newest. */
  find(name: string): Relations | undefined {
    const at = this.#rows.lastIndexOf(`\n${name}\t`);
    return at < 0 ? undefined : this.#read(at + 1);
  }

  /** Every package in whose row the text occurs: the caller looks where. */
  *containing(text: string): Generator<Relations> {
    for (let at = this.#rows.indexOf(text); at >= 0; at = this.#rows.indexOf(text, this.#rows.indexOf("\n", at + 1)))
      yield this.#read(this.#rows.lastIndexOf("\n", at) + 1);
  }

  #read(start: number): Relations {
    const row = this.#rows.toString("utf8", start, this.#rows.indexOf("\n", start));
    const [name = "", essential, priority = "", provides = "", depends = ""] = row.split("\t");
    return { name, essential: essential === "yes", priority, provides, depends };
  }
}

/** In one line. */
function withoutVersions(field: string): string {
  return field.replace(/\s*\([^)]*\)/g, "").replace(/\s+/g, " ");
}

const RELATIONS = ["essential", "priority", "provides", "pre-depends", "depends"];

/** `path` is a verified index. */
export async function readRelations(path: string): Promise<RelationsTable> {
  const table = new RelationsTable();
  await eachStanza(path, RELATIONS, (_name, stanza) => table.add(stanza));
  return table;
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
