import type { Format } from "./format.ts";

/** The tree as it is. */
export const directory = {
  name: "directory",
  extension: "",
  compressible: false,
  defaultCompression: "none",
  bootable: false,
  runnable: true,
} as const satisfies Format;
