import type { Format } from "./format.ts";

/** An addon for unified kernel images, as systemd-stub(7) reads. */
export const addon = {
  name: "addon",
  extension: "efi",
  compressible: false,
  defaultCompression: "zstd",
  takesInitrd: true,
  bootable: false,
  extends: true,
  runnable: false,
  built: true,
} as const satisfies Format;
