import type { Writer } from "../context.ts";
import type { ImagePlan } from "../protocol.ts";
import { writeAddon } from "./addon.ts";
import { writeCpioImage } from "./cpio.ts";
import { writeDirectory } from "./directory.ts";
import { writeDisk } from "./disk.ts";
import { writeEsp } from "./esp.ts";
import { writeExtension } from "./extension.ts";
import { writeOci } from "./oci.ts";
import { writeTar } from "./tar.ts";
import { writeUki } from "./uki.ts";

/** One writer per format that has an output, with the keys of src/formats/. */
export const writers: Record<Exclude<ImagePlan["format"], "none">, Writer> = {
  confext: writeExtension,
  addon: writeAddon,
  cpio: writeCpioImage,
  directory: writeDirectory,
  disk: writeDisk,
  esp: writeEsp,
  oci: writeOci,
  portable: writeExtension,
  sysext: writeExtension,
  tar: writeTar,
  uki: writeUki,
};
