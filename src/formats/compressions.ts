/** Compressions by the reference's names. */
export const compressions = {
  none: { extension: "", built: true, plan: "none" },
  zstd: { extension: "zst", built: true, plan: "zstd" },
  xz: { extension: "xz", built: true, plan: "xz" },
  bz2: { extension: "bz2", built: false },
  gz: { extension: "gz", built: true, plan: "gzip" },
  lz4: { extension: "lz4", built: false },
  lzma: { extension: "lzma", built: false },
} as const satisfies Record<string, Compression>;
export type CompressionName = keyof typeof compressions;

/** What ends the file's name, and what the plan calls it where Caisson has it. */
export type Compression = { readonly extension: string } & (
  | { readonly built: true; readonly plan: "none" | "zstd" | "xz" | "gzip" }
  | { readonly built: false }
);
