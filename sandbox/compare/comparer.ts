import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Difference, Place } from "../protocol.ts";
import type { Run } from "../run.ts";
import { type Blob, firstDifference } from "./blob.ts";
import { Damaged } from "./damaged.ts";
import { compareFields, type Field, fieldAt } from "./fields.ts";

export interface Pair<T> {
  a: T;
  b: T;
}

/** A kind of content that has something inside. */
export interface Container {
  /** What it is part of a place as. */
  place: Place;
  detects(blob: Blob): boolean;
  /** The header at the blob's start, or at `headerAt`. */
  fields?: readonly Field[];
  headerAt?: number;
  /** Reports what differs inside. */
  compare?(pair: Pair<Blob>, place: Place[], comparer: Comparer): Promise<void>;
  /** What lies at an offset beyond the header: `inode 12`. */
  locate?(blob: Blob, offset: number): string;
}

type Found = Omit<Difference, "place">;

/** Compares, reports every difference once, and knows what it needs to look into things. */
export class Comparer {
  /** Differences reported so far. */
  count = 0;
  readonly run: Run;
  readonly work: string;
  readonly #report: (difference: Difference) => void;
  readonly #containers: readonly Container[];
  readonly #leaf: Leaf;
  readonly #signal: AbortSignal;
  #folders = 0;

  constructor(options: ComparerOptions) {
    this.run = options.run;
    this.work = options.work;
    this.#report = options.report;
    this.#containers = options.containers;
    this.#leaf = options.leaf;
    this.#signal = options.signal;
  }

  report(place: Place[], found: Found): void {
    this.count++;
    this.#report({ place, ...found });
  }

  /** Looks into what differs, as deep as it is known what it is. */
  async compare(pair: Pair<Blob>, place: Place[]): Promise<void> {
    this.#signal.throwIfAborted();
    const offset = await firstDifference(pair.a, pair.b);
    if (offset === undefined) return;
    const container = this.#containers.find((each) => each.detects(pair.a) && each.detects(pair.b));
    if (container === undefined) await this.#leaf(pair, place, offset, this);
    else await this.#compareContainer(container, pair, [...place, container.place], offset);
  }

  async #compareContainer(container: Container, pair: Pair<Blob>, place: Place[], offset: number): Promise<void> {
    try {
      await this.#lookInside(container, pair, place, offset);
    } catch (error) {
      if (!(error instanceof Damaged)) throw error;
      this.bytes(pair, place, offset, error.message);
    }
  }

  async #lookInside(container: Container, pair: Pair<Blob>, place: Place[], offset: number): Promise<void> {
    const before = this.count;
    const { fields = [], headerAt = 0 } = container;
    const differing = compareFields(fields, pair.a, pair.b, headerAt);
    const tell = (which: typeof differing) => {
      for (const { field, a, b } of which) this.report(place, { kind: "attribute", what: field.name, a, b });
    };
    tell(differing.filter(({ field }) => !field.derived));
    await container.compare?.(pair, place, this);
    if (this.count > before) return;
    const consequences = differing.filter(({ field }) => field.derived);
    const others = consequences.filter(({ field }) => !field.name.includes("checksum"));
    tell(others.length > 0 ? others : consequences);
    if (this.count > before) return;
    this.bytes(pair, place, offset, structure(container, pair.a, offset));
  }

  /** Says of bytes that nothing inside explains where they are. */
  bytes({ a, b }: Pair<Blob>, place: Place[], offset: number, what: string): void {
    this.report(place, { kind: "bytes", what, offset, ...snippets(a, b, offset) });
    if (a.size !== b.size) this.report(place, { kind: "attribute", what: "size", a: `${a.size}`, b: `${b.size}` });
  }

  /** A new folder on the volume for as long as `use` takes. */
  async withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
    const folder = join(this.work, `${++this.#folders}`);
    await mkdir(folder, { recursive: true });
    try {
      return await use(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Reports of two blobs that have nothing known inside where they differ. */
export type Leaf = (pair: Pair<Blob>, place: Place[], offset: number, comparer: Comparer) => Promise<void>;

export interface ComparerOptions {
  run: Run;
  /** Folder on the volume for temporary files. */
  work: string;
  report: (difference: Difference) => void;
  containers: readonly Container[];
  leaf: Leaf;
  /** Ends the comparison with its reason. */
  signal: AbortSignal;
}

function structure({ fields = [], headerAt = 0, locate, place }: Container, blob: Blob, offset: number): string {
  const field = fieldAt(fields, offset - headerAt);
  return field ?? locate?.(blob, offset) ?? `${place.name} data`;
}

const SNIPPET = 16;

/** The bytes from the first one that differs on, as text where they are. */
export function snippets(a: Blob, b: Blob, offset: number): Pair<string> {
  const [left, right] = [a.read(offset, SNIPPET), b.read(offset, SNIPPET)];
  const isText = [left, right].every((bytes) => /^[\t\n\x20-\x7e]*$/.test(bytes.toString("latin1")));
  const shown = (bytes: Buffer) => {
    if (bytes.length === 0) return "end of file";
    return isText ? JSON.stringify(bytes.toString("latin1")) : bytes.toString("hex").replace(/..(?!$)/g, "$& ");
  };
  return { a: shown(left), b: shown(right) };
}
