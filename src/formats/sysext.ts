import type { Format } from "./format.ts";

/** A disk image that systemd-sysext(8) lays over /usr. */
export const sysext = {
  name: "sysext",
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
