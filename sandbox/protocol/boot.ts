import * as z from "zod";
import { Feature, Source } from "./sources.ts";

/** How the tree's kernels are started. */
export const BootPart = z.object({
  bootable: Feature,
  bootloader: z.enum(["none", "uki", "systemd-boot", "grub", "uki-signed", "systemd-boot-signed", "grub-signed"]),
  biosBootloader: z.enum(["none", "grub"]),
  shimBootloader: z.enum(["none", "signed", "unsigned"]),
  unifiedKernelImages: z.enum(["none", "auto", "unsigned", "signed"]),
  /** `&e`, `&k`, `&h` and `&&` stand for the entry token, the kernel's version, the verity hash and `&`. */
  unifiedKernelImageFormat: z.string().optional(),
  ukiProfiles: z.array(
    z.object({
      /** Fields of the `.profile` section, as in os-release(5). */
      profile: z.record(z.string(), z.string()),
      /** Appended to the kernel's command line. */
      commandLine: z.array(z.string()),
      signExpectedPcr: z.boolean(),
    }),
  ),
  kernelCommandLine: z.array(z.string()),
  /** Shell patterns below the places where kernels have devicetrees. */
  devicetrees: z.array(z.string()),
  /** Path of a picture in the tree. */
  splash: z.string().optional(),
  /** The only processor that microcode is taken for; absent: all of them. */
  microcodeFor: z
    .object({ vendor: z.string(), family: z.number(), model: z.number(), stepping: z.number() })
    .optional(),
  /** How the distribution's grub finds its configuration on the ESP. */
  grub: z.object({
    /** Folder of grub.cfg: `grub`. */
    prefix: z.string(),
    /** Where a signed grub looks first, below EFI/: `debian`. */
    vendor: z.string(),
    /** As grub calls the architecture; absent where it has no UEFI: `x86_64`. */
    architecture: z.string().optional(),
  }),
  /** Names of images earlier in the plan whose output becomes an initrd, in order. */
  initrdImages: z.array(z.string()),
  /** Files that are initrds already, after those of `initrdImages`. */
  initrds: z.array(Source.extend({ name: z.string() })),
  kernelModulesInitrd: z.boolean(),
  /** mkosi's module patterns for the modules initrd; a leading `-` takes out. */
  kernelModulesInitrdPatterns: z.array(z.string()),
});
