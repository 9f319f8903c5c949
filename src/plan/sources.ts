import { resolve } from "node:path";
import type { OciSource, Secret, Source, Tree, Writable } from "../../sandbox/protocol.ts";
import { parseOciReference } from "../config/values/oci-reference.ts";
import type { ConfigTree } from "../config/values/paths.ts";

/** A file or folder of this machine, and the name that the plan knows it by. */
export interface SourceMount {
  name: string;
  /** Absolute. */
  hostPath: string;
  /** What programs of the build write into it is the user's. */
  writable?: true;
}

/** Gives names to host paths, so that none of them gets into the plan. */
export class Sources {
  readonly mounts: SourceMount[] = [];
  readonly #directory: string;
  readonly #credentials: string | undefined;

  /** Relative paths, which configure scripts may give, start at `directory`. `credentials` are those of registries. */
  constructor(directory: string, credentials?: string) {
    this.#directory = directory;
    this.#credentials = credentials;
  }

  /** `prefix` and a number that is new. */
  add(prefix: string, hostPath: string, options: Pick<SourceMount, "writable"> = {}): string {
    const taken = this.mounts.filter(({ name }) => name.startsWith(`${prefix}-`)).length;
    const name = `${prefix}-${taken + 1}`;
    this.mounts.push({ name, hostPath: resolve(this.#directory, hostPath), ...options });
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
    return this.#credentials === undefined ? {} : { credentials: this.secret("registries", this.#credentials) };
  }

  addTrees(prefix: string, trees: readonly ConfigTree[]): Tree[] {
    return trees.map(({ source, target = "/" }) => ({ source: this.add(prefix, source), target }));
  }
}
