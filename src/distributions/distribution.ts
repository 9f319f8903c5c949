import type { AptRepository } from "../../sandbox/protocol.ts";
import type { DebianMirror } from "./mirror.ts";

/** Everything that Caisson knows of one distribution; adding one is adding a file like debian.ts. */
export interface Distribution {
  readonly name: string;
  readonly prettyName: string;
  /** Code names and suites that may stand in Release=. */
  readonly releases: readonly string[];
  readonly defaultRelease: string;
  readonly packageManager: "apt";
  /** Names of architectures, from the reference's to the package manager's. */
  readonly architectures: Readonly<Record<string, string>>;
  /** What its root is formatted with. */
  readonly rootFilesystem: string;
  /** Whether installing the package means that there is a kernel to boot. */
  isKernelPackage(name: string): boolean;
  /** Fields of os-release(5) that the release's own file gets wrong. */
  osRelease(release: string): Record<string, string>;
  /** What the build fetches from. */
  repositories(options: RepositoryOptions): AptRepository[];
  /** What an image that has a package manager is told to fetch from later. */
  imageRepositories(options: RepositoryOptions): AptRepository[];
}

export interface RepositoryOptions {
  release: string;
  architecture: string;
  /** Mirror=, without what the distribution appends to it. */
  mirror: string | undefined;
  localMirror: string | undefined;
  snapshot: string | undefined;
  /** Components beside `main`. */
  components: readonly string[];
  keyCheck: boolean;
  packages: readonly string[];
  /** Stands in for Debian's public mirror where Mirror= is not set. */
  debianMirror: DebianMirror | undefined;
}

/** `base` with `path` below it. */
export function joinMirror(base: string, path: string): string {
  return `${base.replace(/\/+$/, "")}/${path}`;
}

/** The only repository of a build with LocalMirror=. */
export function localRepository(uri: string, release: string): AptRepository {
  return { types: ["deb"], uri, suites: [release], components: ["main"], trusted: true };
}
