import type { Format } from "./format.ts";

/** A cpio archive of the tree, as the kernel unpacks for an initrd. */
export const cpio = {
  name: "cpio",
  extension: "cpio",
  compressible: true,
  defaultCompression: "zstd",
  bootable: false,
  runnable: true,
} as const satisfies Format;
