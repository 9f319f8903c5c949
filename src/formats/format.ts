/** What the host knows of an output format; the sandbox has the writer of the same name. */
export interface Format {
  readonly name: string;
  /** After the output's name; empty for a folder. */
  readonly extension: string;
  /** The output as a whole can be compressed. */
  readonly compressible: boolean;
  readonly defaultCompression: "none" | "zstd";
  /** With Bootable=auto a kernel is looked for. */
  readonly bootable: boolean;
  /** What `vm` can start. */
  readonly runnable: boolean;
}
