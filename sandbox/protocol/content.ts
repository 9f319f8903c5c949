import * as z from "zod";
import { OciSource } from "./oci.ts";
import { Feature, Source, Tree } from "./sources.ts";

/** What is put into the tree, and taken out again. */
export const ContentPart = z.object({
  /** What the tree begins with: the distribution's essential packages, `baseTrees`, or nothing. */
  base: z.enum(["distribution", "trees", "nothing"]),
  /** One over the other. */
  baseTrees: z.array(z.union([Source.strict(), OciSource])),
  /** The output holds only what differs from `baseTrees`. */
  overlay: z.boolean(),
  /** The tree is no system by itself, but goes over one. */
  partial: z.boolean(),
  packages: z.array(z.string()),
  /** To install after build scripts, which may have made them. */
  volatilePackages: z.array(z.string()),
  /** Packages that `packages` and `volatilePackages` named by their files; they are installed with those. */
  packageFiles: z.array(Source),
  volatilePackageFiles: z.array(Source),
  /** Folders of packages, offered before those of all repositories. */
  packageDirectories: z.array(Source),
  /** What the programs of a build see of the user's own, over the tools image. */
  sandboxTrees: z.array(Tree),
  removePackages: z.array(z.string()),
  withDocs: z.boolean(),
  withRecommends: z.boolean(),
  environment: z.record(z.string(), z.string()),

  skeletonTrees: z.array(Tree),
  extraTrees: z.array(Tree),
  /** Glob patterns below the root. */
  removeFiles: z.array(z.string()),
  cleanPackageMetadata: Feature,
});
