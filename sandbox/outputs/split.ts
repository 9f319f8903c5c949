import { existsSync } from "node:fs";
import { join } from "node:path";
import { compressedName } from "../formats/compress.ts";
import { type ImagePlan, SPLIT_SUFFIXES, type SplitFile } from "../protocol.ts";

/**
 * Where a part of the image is to be written as a file of its own: a path of the staging folder. Undefined where
 * SplitArtifacts= does not ask for it, or it is there already, which the image's main output or an earlier kernel may
 * have made.
 */
export type SplitPaths = (kind: SplitFile) => string | undefined;

export function splitPaths(image: ImagePlan, staging: string): SplitPaths {
  return (kind) => {
    const suffix = kind === "tar" ? compressedName(SPLIT_SUFFIXES.tar, image) : SPLIT_SUFFIXES[kind];
    const path = join(staging, `${image.output}.${suffix}`);
    return image.splitArtifacts.includes(kind) && !existsSync(path) ? path : undefined;
  };
}
