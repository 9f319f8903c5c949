import type { DebianMirror } from "../../distributions/mirror.ts";
import type { Processor } from "../machine.ts";
import type { ModuleWords } from "../modules.ts";
import type { Outputs } from "../outputs.ts";
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
  /** What the images planned so far make. */
  produced: Outputs;
  /** Names of images that were planned before, by the paths that mean their outputs. */
  outputs: ReadonlyMap<string, string>;
  moduleWords: ModuleWords;
  /** This machine's, for MicrocodeHost=. */
  processor: () => Processor;
  deliver: boolean;
  scripting: ScriptOptions;
  delivered: Delivered;
}
