import type { CompressionName } from "./compressions.ts";

/** What the host knows of an output format; the sandbox has the writer of the same name where it is built. */
export interface Format {
  readonly name: string;
  /** After the output's name; empty where there is none. */
  readonly extension: string;
  /** The output as a whole can be compressed. */
  readonly compressible: boolean;
  readonly defaultCompression: CompressionName;
  /** A default initrd can go with it. */
  readonly takesInitrd: boolean;
  /** With Bootable=auto a kernel is looked for. */
  readonly bootable: boolean;
  /** systemd-repart makes it, which can sign verity partitions. */
  readonly partitioned?: boolean;
  /** It is laid over another image, and is none by itself. */
  readonly extends?: boolean;
  /** What `vm` can start. */
  readonly runnable: boolean;
  /** False where a build ends with its scripts. */
  readonly delivers?: false;
  /** Caisson writes it. */
  readonly built: boolean;
}
