import type { Format } from "./format.ts";

/** A container image, as a folder in the layout of the OCI. */
export const oci = {
  name: "oci",
  extension: "",
  compressible: false,
  defaultCompression: "gz",
  takesInitrd: true,
  bootable: true,
  runnable: false,
  built: true,
} as const satisfies Format;
