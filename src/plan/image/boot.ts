import { basename } from "node:path";
import type { Config, ResolvedImage } from "../../config/index.ts";
import { architectures } from "../../distributions/architectures.ts";
import { initrdModules } from "../modules.ts";
import { distributionOf } from "./distribution.ts";
import type { ImageOptions } from "./options.ts";

export function bootPart({ config, image }: ResolvedImage, { outputs, sources, moduleWords, processor }: ImageOptions) {
  const files = config.Initrds.filter((path) => !outputs.has(path));
  return {
    bootable: config.Bootable,
    bootloader: config.Bootloader,
    biosBootloader: config.BiosBootloader,
    shimBootloader: config.ShimBootloader,
    unifiedKernelImages: config.UnifiedKernelImages,
    unifiedKernelImageFormat: config.UnifiedKernelImageFormat,
    ukiProfiles: config.UnifiedKernelImageProfiles.map(({ profile, cmdline, signExpectedPcr }) => ({
      ...{ profile, signExpectedPcr },
      commandLine: cmdline,
    })),
    kernelCommandLine: config.KernelCommandLine,
    devicetrees: config.Devicetrees,
    splash: config.Splash,
    microcodeFor: config.MicrocodeHost ? processor() : undefined,
    grub: grubOf(config),
    initrdImages: config.Initrds.flatMap((path) => outputs.get(path) ?? []),
    initrds: files.map((path) => ({ ...sources.source(`${image}-initrd`, path), name: basename(path) })),
    kernelModulesInitrd: config.KernelModulesInitrd,
    kernelModulesInitrdPatterns: initrdModules(config, moduleWords),
  };
}

function grubOf(config: Config) {
  const architecture = architectures.find(({ name }) => name === config.Architecture)?.grub;
  return { ...distributionOf(config).grub, architecture };
}
