import type { Config, ResolvedImage } from "../../config/index.ts";
import { modulePatterns } from "../modules.ts";
import type { ImagePlan } from "./index.ts";
import type { ImageOptions } from "./options.ts";

export function bootPart({ config, image }: ResolvedImage, { outputs, sources, defaultModules }: ImageOptions) {
  const files = config.Initrds.filter((path) => !outputs.has(path));
  return {
    bootable: config.Bootable,
    bootloader: bootloaderOf(config),
    unifiedKernelImages: config.UnifiedKernelImages === "signed" ? "auto" : config.UnifiedKernelImages,
    kernelCommandLine: config.KernelCommandLine,
    initrdImages: config.Initrds.flatMap((path) => outputs.get(path) ?? []),
    initrds: files.map((path) => sources.source(`${image}-initrd`, path)),
    kernelModulesInitrd: config.KernelModulesInitrd,
    kernelModulesInitrdPatterns: modulePatterns(config, defaultModules),
  };
}

/** A loader that is not built yet gets here where Ignore= passes over it, and then counts as not set. */
function bootloaderOf({ Bootloader: loader }: Config): ImagePlan["bootloader"] {
  return loader === "none" || loader === "uki" ? loader : "systemd-boot";
}
