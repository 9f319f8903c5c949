import type { ImagePlan } from "../../sandbox/protocol.ts";

/** Compressions by the reference's names: what ends the file's name, and what the plan calls it. */
export const compressions = {
  none: { extension: "", plan: "none" },
  zstd: { extension: "zst", plan: "zstd" },
  xz: { extension: "xz", plan: "xz" },
  bz2: { extension: "bz2", plan: "bzip2" },
  gz: { extension: "gz", plan: "gzip" },
  lz4: { extension: "lz4", plan: "lz4" },
  lzma: { extension: "lzma", plan: "lzma" },
} as const satisfies Record<string, { readonly extension: string; readonly plan: ImagePlan["compression"] }>;
export type CompressionName = keyof typeof compressions;
