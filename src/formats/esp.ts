import type { Format } from "./format.ts";

/** A disk image with nothing but an EFI system partition, which has a unified kernel image. */
export const esp = {
  name: "esp",
  extension: "raw",
  compressible: false,
  defaultCompression: "zstd",
  takesInitrd: false,
  bootable: true,
  runnable: true,
  built: true,
} as const satisfies Format;
