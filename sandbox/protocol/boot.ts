import * as z from "zod";
import { Feature, Source } from "./sources.ts";

/** How the tree's kernels are started. */
export const BootPart = z.object({
  bootable: Feature,
  bootloader: z.enum(["none", "uki", "systemd-boot"]),
  unifiedKernelImages: z.enum(["none", "auto", "unsigned"]),
  kernelCommandLine: z.array(z.string()),
  /** Names of images earlier in the plan whose output becomes an initrd, in order. */
  initrdImages: z.array(z.string()),
  /** Files that are initrds already, after those of `initrdImages`. */
  initrds: z.array(Source),
  kernelModulesInitrd: z.boolean(),
  /** mkosi's module patterns for the modules initrd; a leading `-` takes out. */
  kernelModulesInitrdPatterns: z.array(z.string()),
});
