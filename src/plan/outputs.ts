import { basename, dirname, join } from "node:path";
import type { ResolvedImage, ResolvedProject } from "../config/index.ts";

/** A file that an image delivers. */
export interface OutputFile {
  image: string;
  /** Its name in the output directory; absent where the image's output itself is meant. */
  file?: string;
}

/** Finds what images make by the paths that settings name it by. */
export class Outputs {
  readonly #project: Pick<ResolvedProject, "directory">;
  readonly #images: ResolvedImage[] = [];

  constructor(project: Pick<ResolvedProject, "directory">, images: readonly ResolvedImage[] = []) {
    this.#project = project;
    this.#images.push(...images);
  }

  /** From now on `find` knows the image. */
  add(image: ResolvedImage): void {
    this.#images.push(image);
  }

  has(image: string): boolean {
    return this.#images.some((each) => each.image === image);
  }

  /**
   * The image whose output a path names: as in `%O/base`, with or without extensions, or something else that it
   * delivers under its name, as in `%O/base.initrd`. The longest name wins.
   */
  find(path: string): OutputFile | undefined {
    const name = basename(path);
    const isMeant = ({ config }: ResolvedImage) =>
      dirname(path) === (config.OutputDirectory ?? this.#project.directory) &&
      (name === config.Output || name.startsWith(`${config.Output}.`));
    const found = this.#images.filter(isMeant).sort((a, b) => b.config.Output.length - a.config.Output.length)[0];
    if (found === undefined) return undefined;
    return name === found.config.Output ? { image: found.image } : { image: found.image, file: name };
  }
}

/** Whether an image that is built before `image` makes what lies, or will lie, at the path. */
export function isEarlierOutput(path: string, image: string, project: Pick<ResolvedProject, "directory" | "images">) {
  const earlier = project.images.slice(
    0,
    project.images.findIndex((each) => each.image === image),
  );
  return new Outputs(project, earlier).find(join(path)) !== undefined;
}
