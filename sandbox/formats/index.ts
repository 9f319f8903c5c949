import type { Writer } from "../context.ts";
import type { ImagePlan } from "../protocol.ts";
import { writeCpioImage } from "./cpio.ts";
import { writeDirectory } from "./directory.ts";
import { writeDisk } from "./disk.ts";
import { writeExtension } from "./extension.ts";
import { writeOci } from "./oci.ts";
import { writeTar } from "./tar.ts";

/** One writer per format that has an output, with the keys of src/formats/. */
export const writers: Record<Exclude<ImagePlan["format"], "none">, Writer> = {
  confext: writeExtension,
  cpio: writeCpioImage,
  directory: writeDirectory,
  disk: writeDisk,
  oci: writeOci,
  portable: writeExtension,
  sysext: writeExtension,
  tar: writeTar,
};
