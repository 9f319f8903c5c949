import type { Format } from "./format.ts";

/** A unified kernel image, with the tree as its initrd. */
export const uki = {
  name: "uki",
  extension: "efi",
  compressible: false,
  defaultCompression: "zstd",
  takesInitrd: false,
  bootable: true,
  runnable: true,
  built: true,
} as const satisfies Format;
