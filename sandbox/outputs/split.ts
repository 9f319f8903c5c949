import { existsSync } from "node:fs";
import { join } from "node:path";
import { compressedName } from "../formats/compress.ts";
import type { ImagePlan, SplitArtifact } from "../protocol.ts";

/** Parts of an image that are one file, or one folder, under a name that is known beforehand. */
export type SplitFile = Exclude<SplitArtifact, "partitions">;

/** What follows the output's name, as in mkosi. */
const SUFFIXES: Record<Exclude<SplitFile, "tar">, string> = {
  uki: "efi",
  kernel: "vmlinuz",
  initrd: "initrd",
  pcrs: "pcrs",
  roothash: "roothash",
  "os-release": "osrelease",
  "kernel-modules-initrd": "kernel-modules-initrd",
  "repart-definitions": "repart.d",
};

/**
 * Where a part of the image is to be written as a file of its own: a path of the staging folder. Undefined where
 * SplitArtifacts= does not ask for it, or it is there already, which the image's main output or an earlier kernel may
 * have made.
 */
export type SplitPaths = (kind: SplitFile) => string | undefined;

export function splitPaths(image: ImagePlan, staging: string): SplitPaths {
  return (kind) => {
    const suffix = kind === "tar" ? compressedName("tar", image) : SUFFIXES[kind];
    const path = join(staging, `${image.output}.${suffix}`);
    return image.splitArtifacts.includes(kind) && !existsSync(path) ? path : undefined;
  };
}
