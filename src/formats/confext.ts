import type { Format } from "./format.ts";

/** A disk image that systemd-confext(8) lays over /etc. */
export const confext = {
  name: "confext",
  extension: "raw",
  compressible: true,
  defaultCompression: "none",
  takesInitrd: true,
  bootable: false,
  partitioned: true,
  extends: true,
  runnable: false,
  built: true,
} as const satisfies Format;
