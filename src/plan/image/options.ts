import type { DebianMirror } from "../../distributions/mirror.ts";
import type { Sources } from "../sources.ts";

export interface ImageOptions {
  mirror: DebianMirror | undefined;
  sources: Sources;
  /** Names of images that were planned before, by the paths that mean their outputs. */
  outputs: ReadonlyMap<string, string>;
  /** What `default` stands for among kernel modules. */
  defaultModules: () => readonly string[];
  deliver: boolean;
}
