import type { Format } from "./format.ts";

/** A cpio archive of the tree, as the kernel unpacks for an initrd. */
export const cpio = {
  name: "cpio",
  extension: "cpio",
  compressible: true,
  defaultCompression: "zstd",
  takesInitrd: true,
  bootable: false,
  runnable: true,
  built: true,
} as const satisfies Format;
