import * as z from "zod";
import { Feature, Source } from "./sources.ts";

/** What is made of the finished tree. */
export const OutputPart = z.object({
  /** Folders of repart.d(5) definitions; empty means the default definitions. */
  repartDirectories: z.array(Source),
  /** What the distribution formats its root with: `ext4`. */
  rootFilesystem: z.string(),
  /** Bytes of a disk's logical sectors; absent: 512. */
  sectorSize: z.number().int().optional(),
  /** Whether files get the labels of the image's SELinux policy. */
  selinuxRelabel: Feature,
  /** Absent: derived from the plan's hash. */
  seed: z.string().optional(),
  /** Seconds; absent: the date of the newest repository metadata used. */
  sourceDateEpoch: z.number().int().optional(),

  format: z.enum([
    "directory",
    "tar",
    "cpio",
    "disk",
    "esp",
    "uki",
    "addon",
    "sysext",
    "confext",
    "portable",
    "none",
    "oci",
  ]),
  /** File name without extensions: `image`. */
  output: z.string(),
  /** Bytes that a disk is grown to where it is smaller. */
  outputSize: z.number().int().optional(),
  /** With the extensions of format and compression: `image.tar.zst`. */
  outputFile: z.string(),
  /** Of the output as a whole where `compressesWhole` says so, else of what is inside; and of parts of the image that are files of their own. */
  compression: z.enum(["none", "zstd", "xz", "bzip2", "gzip", "lz4", "lzma"]),
  compressesWhole: z.boolean(),
  compressionLevel: z.number().int(),
});
