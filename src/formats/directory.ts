import type { Format } from "./format.ts";

/** The tree as it is. */
export const directory = {
  name: "directory",
  extension: "",
  compressible: false,
  defaultCompression: "none",
  takesInitrd: true,
  bootable: false,
  runnable: true,
  built: true,
} as const satisfies Format;
