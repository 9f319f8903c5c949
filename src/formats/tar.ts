import type { Format } from "./format.ts";

/** A tar archive of the tree. */
export const tar = {
  name: "tar",
  extension: "tar",
  compressible: true,
  defaultCompression: "zstd",
  takesInitrd: true,
  bootable: true,
  runnable: false,
  built: true,
} as const satisfies Format;
