import type { Format } from "./format.ts";

/** A disk image with a partition table. */
export const disk = {
  name: "disk",
  extension: "raw",
  compressible: true,
  defaultCompression: "none",
  takesInitrd: true,
  bootable: true,
  partitioned: true,
  runnable: true,
  built: true,
} as const satisfies Format;
