import { basename, dirname, join, resolve } from "node:path";
import { guard, type Reader, shown } from "../config/findings.ts";
import { type IniSection, parseIni } from "../config/ini.ts";
import type { ResolvedImage } from "../config/resolved.ts";
import { packageRoot } from "../tools/root.ts";

/** One configuration file, whether or not its conditions hold. */
export interface ConfigFile {
  /** Absolute. */
  path: string;
  /** As messages name it. */
  shown: string;
  /** Relative paths in it are taken from here; absolute. */
  directory: string;
  /** The image that it configures: `main`, `tools`, `default-initrd`, or the name of a subimage. */
  image: string;
  /** The profile that it is a part of. */
  profile: string | undefined;
  /** Files whose conditions must hold as well, outermost first. */
  enclosing: readonly ConfigFile[];
  sections: readonly IniSection[];
}

/** An entry of a folder such as mkosi.conf.d/ that is no configuration. */
export interface Stray {
  shown: string;
  isDangling: boolean;
}

export interface ConfigFiles {
  files: ConfigFile[];
  strays: Stray[];
}

type Where = Pick<ConfigFile, "image" | "profile" | "enclosing">;

/** All files of the configuration in `folder`, and of what its images include; those of Caisson's own are left out. */
export function configFiles(
  folder: string | undefined,
  images: readonly Pick<ResolvedImage, "image" | "files" | "skipped">[],
  reader: Reader,
): ConfigFiles {
  const walk = new Walk(reader);
  if (folder !== undefined) walk.project(folder);
  for (const { image, files, skipped } of images) {
    const all = [...files, ...skipped.map(({ file }) => resolve(file))];
    for (const path of all.filter((file) => !isBuiltIn(file))) walk.included(path, image);
  }
  return walk;
}

/** A file that is read by itself. */
export function singleFile(path: string, reader: Reader): ConfigFile[] {
  const walk = new Walk(reader);
  walk.included(path, "main");
  return walk.files;
}

/** Whether a file is one of Caisson's own configurations. */
export function isBuiltIn(path: string): boolean {
  return path.startsWith(join(packageRoot(), "tools-images/"));
}

class Walk implements ConfigFiles {
  readonly files: ConfigFile[] = [];
  readonly strays: Stray[] = [];
  readonly #reader: Reader;
  readonly #seen = new Set<string>();

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  project(folder: string): void {
    const { files } = this.#reader.reading;
    const main: Where = { image: "main", profile: undefined, enclosing: [] };
    this.#folder(folder, main, true);
    for (const [name, image] of [
      ["mkosi.tools.conf", "tools"],
      ["mkosi.initrd.conf", "default-initrd"],
    ] as const) {
      if (files.exists(join(folder, name))) this.#entry(join(folder, name), folder, { ...main, image }, true);
    }
    this.#each(join(folder, "mkosi.images"), (name) => {
      const image = name.replace(/\.conf$/, "");
      this.#entry(join(folder, "mkosi.images", name), folder, { ...main, image }, true);
    });
  }

  /** A file that Include= led to; one that is the heart of a folder brings its neighbours. */
  included(path: string, image: string): void {
    if (this.files.some((file) => file.path === path)) return;
    const where: Where = { image, profile: undefined, enclosing: [] };
    if (basename(path) === "mkosi.conf") this.#folder(dirname(path), where, true);
    else if (this.#reader.reading.files.exists(path)) this.#file(path, dirname(path), where);
  }

  #folder(folder: string, where: Where, isWhole: boolean): void {
    const { files } = this.#reader.reading;
    const identity = files.identity(folder);
    if (this.#seen.has(identity)) return;
    this.#seen.add(identity);
    const own = join(folder, "mkosi.conf");
    const file = files.exists(own) && !files.isDirectory(own) ? this.#file(own, folder, where) : undefined;
    const inner = { ...where, enclosing: file === undefined ? where.enclosing : [...where.enclosing, file] };
    for (const name of ["mkosi.local", "mkosi.local.conf"]) {
      if (isWhole && files.exists(join(folder, name))) this.#entry(join(folder, name), folder, inner, false);
    }
    this.#each(join(folder, "mkosi.conf.d"), (name) => {
      this.#entry(join(folder, "mkosi.conf.d", name), folder, inner, false);
    });
    if (isWhole) {
      this.#each(join(folder, "mkosi.profiles"), (name) => {
        const profile = name.replace(/\.conf$/, "");
        this.#entry(join(folder, "mkosi.profiles", name), folder, { ...inner, profile }, false);
      });
    }
  }

  #entry(path: string, directory: string, where: Where, isWhole: boolean): void {
    if (this.#reader.reading.files.isDirectory(path)) this.#folder(path, where, isWhole);
    else this.#file(path, directory, where);
  }

  /** Calls `visit` for what is configuration in a folder that holds nothing else. */
  #each(folder: string, visit: (name: string) => void): void {
    const { files } = this.#reader.reading;
    for (const name of files.list(folder)) {
      const path = join(folder, name);
      if (files.isDirectory(path) || (name.endsWith(".conf") && files.exists(path))) visit(name);
      else this.#stray(path, name);
    }
  }

  #stray(path: string, name: string): void {
    // What is hidden, and texts for people, are known to be none.
    if (name.startsWith(".") || /^readme/i.test(name) || name.endsWith(".md")) return;
    const isDangling = !this.#reader.reading.files.exists(path);
    this.strays.push({ shown: shown(path, this.#reader), isDangling });
  }

  #file(path: string, directory: string, where: Where): ConfigFile {
    const { reading } = this.#reader;
    const name = shown(path, this.#reader);
    const sections = guard(this.#reader, undefined, () => parseIni(reading.files.read(path), name, reading.report));
    const file = { path, shown: name, directory, ...where, sections: sections ?? [] };
    this.files.push(file);
    return file;
  }
}
