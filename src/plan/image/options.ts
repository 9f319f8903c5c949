import type { DebianMirror } from "../../distributions/mirror.ts";
import type { ScriptOptions } from "../script-environment.ts";
import type { Sources } from "../sources.ts";

/** What a build puts into the output directory. */
export interface Delivered {
  /** Absolute. */
  folder: string;
  /** Nothing else is expected in the folder. */
  alone: boolean;
  /** Of all images. */
  names: readonly string[];
}

export interface ImageOptions {
  mirror: DebianMirror | undefined;
  sources: Sources;
  /** Names of images that were planned before, by the paths that mean their outputs. */
  outputs: ReadonlyMap<string, string>;
  /** What `default` stands for among kernel modules. */
  defaultModules: () => readonly string[];
  deliver: boolean;
  scripting: ScriptOptions;
  delivered: Delivered;
}
