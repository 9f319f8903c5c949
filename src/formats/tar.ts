import type { Format } from "./format.ts";

/** A tar archive of the tree. */
export const tar = {
  name: "tar",
  extension: "tar",
  compressible: true,
  defaultCompression: "zstd",
  bootable: true,
  runnable: false,
} as const satisfies Format;
