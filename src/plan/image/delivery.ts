import type { ResolvedImage } from "../../config/index.ts";
import type { ImageOptions } from "./options.ts";

export function deliveryPart({ config }: ResolvedImage, { deliver }: ImageOptions) {
  return {
    // What only goes into other images is one file.
    splitArtifacts: deliver ? config.SplitArtifacts : [],
  };
}
