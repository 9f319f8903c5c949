import * as z from "zod";
import { Feature, Tree } from "./sources.ts";

/** What is put into the tree, and taken out again. */
export const ContentPart = z.object({
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
