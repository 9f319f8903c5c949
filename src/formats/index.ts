import { cpio } from "./cpio.ts";
import { directory } from "./directory.ts";
import { disk } from "./disk.ts";
import type { Format } from "./format.ts";
import { tar } from "./tar.ts";

/** Every output format that Caisson writes. */
export const formats = { directory, tar, cpio, disk } as const satisfies Record<string, Format>;
export type FormatName = keyof typeof formats;

/** The reference's names of compressions: what ends the file's name, and what the plan calls them. */
export const compressions = {
  none: { extension: "", plan: "none" },
  zstd: { extension: "zst", plan: "zstd" },
  xz: { extension: "xz", plan: "xz" },
  gz: { extension: "gz", plan: "gzip" },
} as const;
export type CompressionName = keyof typeof compressions;
