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
