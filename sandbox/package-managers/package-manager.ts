import type { Context } from "../context.ts";
import type { Commands } from "../scripts/commands.ts";

/** A package at one version, as its repository's signed index describes it. */
export interface Package {
  name: string;
  version: string;
  architecture: string;
  uri: string;
  /** Bytes. */
  size: number;
  /** Lowercase hexadecimal. */
  sha256: string;
}

/** A package of a tree, as its database has it. */
export interface InstalledPackage {
  /** The kind of package: that of systemd.io/COREDUMP_PACKAGE_METADATA. */
  type: "deb";
  name: string;
  /** Name of the source package that it was built from. */
  source: string;
  version: string;
  architecture: string;
  /** Bytes. */
  size: number;
}

/** Repository metadata, fetched and checked, as it was at one moment. */
export interface Metadata {
  /** Names this state of these repositories. */
  key: string;
  /** Where it lies on the volume. */
  path: string;
  /** Seconds: the newest date that a repository gives. */
  date: number;
  /** The user's own packages that it offers too, and what it was without them. */
  local?: LocalPackages & { over: Metadata };
}

/** Packages of the user's own. */
export interface LocalPackages {
  folders: string[];
  files: string[];
}

/** What a build asks of a package manager. Each resolves without changing a tree, so that a layer's key is known before it is built. */
export interface PackageManager {
  /** Brings the metadata up to date, or finds that it is. Errors: `mirror-unreachable`, `signature-invalid`, `index-invalid`. */
  sync(context: Context): Promise<Metadata>;
  /** The metadata with the user's packages, which come before all others. Errors: `package-invalid`. */
  withLocal(context: Context, metadata: Metadata, local: LocalPackages): Promise<Metadata>;
  /** The name of the package in a file. Errors: `package-invalid`. */
  packageName(context: Context, file: string): Promise<string>;
  /** The packages that every tree of this distribution begins with. */
  resolveBase(context: Context, metadata: Metadata): Promise<Package[]>;
  /** What installing `names` onto the tree at `root` would add. Errors: `package-not-found`, `packages-conflict`. */
  resolve(context: Context, metadata: Metadata, root: string, names: string[]): Promise<Package[]>;
  /** Downloads what is not on the volume yet. Errors: `mirror-unreachable`, `package-invalid`. */
  fetch(context: Context, packages: Package[]): Promise<void>;
  /** Makes a tree of the base packages in the empty folder `root`. */
  installBase(context: Context, packages: Package[], root: string): Promise<void>;
  /** Installs `names`, whose resolution was `packages`. */
  install(context: Context, metadata: Metadata, root: string, names: string[], packages: Package[]): Promise<void>;
  /** What is installed in the tree, sorted; nothing where it has no database. */
  installed(context: Context, root: string): Promise<InstalledPackage[]>;
  /** Removes packages with their configuration, and what was only there for their sake. Errors: `package-not-found`. */
  remove(context: Context, root: string, names: string[]): Promise<void>;
  /** Takes out what the package manager wrote with a clock: logs, backups, caches. */
  forgetTimes(root: string): Promise<void>;
  /** Removes the package database, where the image has no package manager of its own (`auto`) or always (`enabled`). */
  clean(context: Context, root: string): Promise<void>;
  /** Gives `work` the manager's own commands and mkosi's names for them, for scripts that work on a tree. */
  withCommands<T>(context: Context, metadata: Metadata, work: (commands: Commands) => Promise<T>): Promise<T>;
}
