import * as z from "zod";

/** Parts of an image that can be files of their own. */
export const SplitArtifact = z.enum([
  "uki",
  "kernel",
  "initrd",
  "partitions",
  "tar",
  "pcrs",
  "roothash",
  "os-release",
  "kernel-modules-initrd",
  "repart-definitions",
]);
export type SplitArtifact = z.infer<typeof SplitArtifact>;

/** What is delivered beside the output, and how. Nothing of it changes the output itself. */
export const DeliveryPart = z.object({
  /** What is a file of its own too. */
  splitArtifacts: z.array(SplitArtifact),
});
