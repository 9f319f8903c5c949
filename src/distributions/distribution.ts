import type { AptRepository } from "../../sandbox/protocol.ts";
import type { DebianMirror } from "./mirror.ts";

/** As in Distribution=. */
export type DistributionName =
  | "fedora"
  | "debian"
  | "kali"
  | "ubuntu"
  | "postmarketos"
  | "arch"
  | "opensuse"
  | "mageia"
  | "centos"
  | "rhel"
  | "rhel-ubi"
  | "openmandriva"
  | "rocky"
  | "alma"
  | "azure"
  | "custom";

/** What the configuration must know of a distribution, whether or not Caisson builds it. */
export interface Distribution {
  readonly name: DistributionName;
  readonly prettyName: string;
  /** Empty where there are no releases. */
  readonly defaultRelease: string;
  readonly packageManager: "apk" | "apt" | "dnf" | "pacman" | "zypper" | undefined;
  /** Names of architectures, from the reference's to the package manager's. */
  readonly architectures: Readonly<Record<string, string>>;
  /** What its root is formatted with. */
  readonly rootFilesystem: string;
  /** What a default tools tree is made of on a machine that runs it; absent where it is the same. */
  readonly toolsTreeDistribution?: DistributionName;
  /** Other families package no key ring of it. */
  readonly keysToFetch: boolean;
  /** Whether installing the package means that there is a kernel to boot. */
  isKernelPackage(name: string): boolean;
}

/** What a build must know beside; making a distribution buildable is giving its file these. */
export interface BuildableDistribution extends Distribution {
  readonly packageManager: "apt";
  /** Code names and suites that may stand in Release=. */
  readonly releases: readonly string[];
  /** Where its grub has its configuration on the ESP: the folder of grub.cfg, and the one below EFI/ that a signed grub looks into. */
  readonly grub: { readonly prefix: string; readonly vendor: string };
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
