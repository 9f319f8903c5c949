import type { Format } from "./format.ts";

/** No output: for the scripts alone. */
export const none = {
  name: "none",
  extension: "",
  compressible: false,
  defaultCompression: "none",
  takesInitrd: true,
  bootable: true,
  runnable: false,
  delivers: false,
  built: true,
} as const satisfies Format;
