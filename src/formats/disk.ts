import type { Format } from "./format.ts";

/** A disk image with a partition table. */
export const disk = {
  name: "disk",
  extension: "raw",
  compressible: true,
  defaultCompression: "none",
  bootable: true,
  runnable: true,
} as const satisfies Format;
