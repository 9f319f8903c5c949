import type { Format } from "./format.ts";

/** A disk image with a portable service, for portablectl(1). */
export const portable = {
  name: "portable",
  extension: "raw",
  compressible: true,
  defaultCompression: "none",
  takesInitrd: true,
  bootable: false,
  partitioned: true,
  runnable: false,
  built: true,
} as const satisfies Format;
