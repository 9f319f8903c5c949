import { resolve } from "node:path";
import type { OciSource, OutputSource, Secret, Source, Tree, Writable } from "../../sandbox/protocol.ts";
import { parseOciReference } from "../config/values/oci-reference.ts";
import type { ConfigTree } from "../config/values/paths.ts";
import type { OutputFile } from "./outputs.ts";

/** A file or folder of this machine, and the name that the plan knows it by. */
export interface SourceMount {
  name: string;
  /** Absolute. */
  hostPath: string;
  /** What programs of the build write into it is the user's. */
  writable?: true;
}

export interface KnownFiles {
  /** Those of registries. */
  credentials?: string | undefined;
  /** What images before make at a path. */
  find?: (path: string) => OutputFile | undefined;
}

/** What settings name that all images have alike: mounted once. */
const SHARED = ["packages", "proxy", "sandbox"];

/** Gives names to host paths, so that none of them gets into the plan. */
export class Sources {
  readonly mounts: SourceMount[] = [];
  /** Sources that the build itself makes. */
  readonly outputs: OutputSource[] = [];
  readonly #directory: string;
  readonly #known: KnownFiles;

  /** Relative paths, which configure scripts may give, start at `directory`. */
  constructor(directory: string, known: KnownFiles = {}) {
    this.#directory = directory;
    this.#known = known;
  }

  /** `prefix` and a number that is new. */
  add(prefix: string, hostPath: string, options: Pick<SourceMount, "writable"> = {}): string {
    const path = resolve(this.#directory, hostPath);
    const known = SHARED.includes(prefix)
      ? this.mounts.find((each) => each.hostPath === path && each.name.startsWith(`${prefix}-`))
      : undefined;
    if (known) return known.name;
    const taken = [...this.mounts, ...this.outputs].filter(({ name }) => name.startsWith(`${prefix}-`)).length;
    const name = `${prefix}-${taken + 1}`;
    const output = options.writable ? undefined : this.#known.find?.(path);
    if (output) this.outputs.push({ name, ...output });
    else this.mounts.push({ name, hostPath: path, ...options });
    return name;
  }

  source(prefix: string, hostPath: string): Source {
    return { source: this.add(prefix, hostPath) };
  }

  writable(prefix: string, hostPath: string): Writable {
    return { writable: this.add(prefix, hostPath, { writable: true }) };
  }

  /** What no key may be made of, and the volume must not keep. */
  secret(prefix: string, hostPath: string): Secret {
    return { secret: this.add(prefix, hostPath) };
  }

  /** An image, as `readOciReference` gave it. */
  oci(prefix: string, reference: string): OciSource {
    const parsed = parseOciReference(reference);
    if (parsed.kind === "registry") return { ...parsed, ...this.credentials() };
    const { path, ...rest } = parsed;
    return { ...rest, ...this.source(prefix, path) };
  }

  /** The credentials of registries, where the user has any. */
  credentials(): { credentials?: Secret } {
    return this.#known.credentials === undefined
      ? {}
      : { credentials: this.secret("registries", this.#known.credentials) };
  }

  addTrees(prefix: string, trees: readonly ConfigTree[]): Tree[] {
    return trees.map(({ source, target = "/" }) => ({ source: this.add(prefix, source), target }));
  }
}
