import type { ResolvedImage } from "../../config/index.ts";
import { imageModules } from "../modules.ts";
import type { ImageOptions } from "./options.ts";

export function kernelPart({ config }: ResolvedImage, { moduleWords }: ImageOptions) {
  return {
    kernelModules: imageModules(config, moduleWords),
    firmware: { include: config.FirmwareFiles, exclude: config.FirmwareExclude },
  };
}
