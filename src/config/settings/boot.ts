import { distributions } from "../../distributions/index.ts";
import { formats } from "../../formats/index.ts";
import { textList } from "../values/collections.ts";
import { enumeration } from "../values/enumeration.ts";
import { path, pathList } from "../values/paths.ts";
import { boolean, feature, filename } from "../values/scalars.ts";
import { ukiProfiles } from "../values/uki-profiles.ts";
import { Packages, VolatilePackages } from "./content.ts";
import { Distribution } from "./distribution.ts";
import { Format } from "./output.ts";
import { Overlay } from "./output-parts.ts";
import { type Get, setting } from "./setting.ts";

export const Bootable = setting({
  name: "Bootable",
  section: "Content",
  scope: "local",
  type: feature,
  matchable: true,
  long: "--bootable",
  help: "Whether the image must boot; auto makes it bootable where it has a kernel",
});

/** Boot loaders, kernel images, initrds. */
export const bootSettings = [
  Bootable,
  setting({
    name: "Bootloader",
    section: "Content",
    scope: "local",
    type: enumeration({
      noun: "bootloader",
      values: ["none", "uki", "systemd-boot", "grub", "uki-signed", "systemd-boot-signed", "grub-signed"],
    }),
    default: "systemd-boot",
    long: "--bootloader",
    help: "UEFI boot loader: systemd-boot, grub, a unified kernel image alone, or none",
  }),
  setting({
    name: "BiosBootloader",
    section: "Content",
    scope: "local",
    type: enumeration({ noun: "bios-bootloader", values: ["none", "grub"] }),
    default: "none",
    long: "--bios-bootloader",
    metavar: "BOOTLOADER",
    help: "Boot loader for machines with a BIOS, beside the one for UEFI",
  }),
  setting({
    name: "ShimBootloader",
    section: "Content",
    scope: "local",
    type: enumeration({ noun: "shim-bootloader", values: ["none", "signed", "unsigned"] }),
    default: "none",
    long: "--shim-bootloader",
    metavar: "SHIM",
    help: "Let shim start the boot loader: as the distribution signed it, or as it was before",
  }),
  setting({
    name: "UnifiedKernelImages",
    section: "Content",
    scope: "local",
    type: enumeration({
      noun: "unified-kernel-image",
      values: ["none", "auto", "signed", "unsigned"],
      yes: "signed",
      no: "none",
    }),
    default: "auto",
    long: "--unified-kernel-images",
    metavar: "FEATURE",
    help: "Whether kernel, initrd and command line become one file",
  }),
  setting({
    name: "UnifiedKernelImageFormat",
    section: "Content",
    scope: "local",
    type: filename(),
    clearable: false,
    long: "--unified-kernel-image-format",
    help: "Name of unified kernel images, in which &e, &k, &h and &c stand for what is known late",
  }),
  setting({
    name: "UnifiedKernelImageProfiles",
    section: "Content",
    scope: "local",
    type: ukiProfiles,
    long: "--uki-profile",
    files: ["mkosi.uki-profiles/*.conf"],
    help: "Files that each describe one more profile of unified kernel images",
  }),
  setting({
    name: "Initrds",
    section: "Content",
    scope: "local",
    type: pathList({ constants: ["default"] }),
    default: (get): string[] => (wantsDefaultInitrd(get) ? ["default"] : []),
    defaultText: "default where the image is to boot and its format takes an initrd, else none",
    long: "--initrd",
    help: "Initrds to boot with; 'default' is the one that Caisson builds",
  }),
  setting({
    name: "MicrocodeHost",
    section: "Content",
    scope: "local",
    type: boolean,
    long: "--microcode-host",
    help: "Take in microcode for this machine's processor and no other",
  }),
  setting({
    name: "InitrdProfiles",
    section: "Content",
    scope: "initrd",
    type: textList({ metavar: "PROFILE", words: ["lvm", "network", "nfs", "pkcs11", "plymouth", "raid"] }),
    long: "--initrd-profile",
    help: "What the default initrd can do beyond the usual, such as lvm, network or raid",
  }),
  setting({
    name: "InitrdPackages",
    section: "Content",
    scope: "initrd",
    type: textList({ metavar: "PACKAGE" }),
    long: "--initrd-package",
    help: "Further packages of the default initrd",
  }),
  setting({
    name: "InitrdVolatilePackages",
    section: "Content",
    scope: "initrd",
    type: textList({ metavar: "PACKAGE" }),
    long: "--initrd-volatile-package",
    help: "Further packages of the default initrd that are never cached",
  }),
  setting({
    name: "Devicetrees",
    section: "Content",
    scope: "local",
    type: textList({ metavar: "GLOB" }),
    long: "--devicetrees",
    oldNames: ["Devicetree"],
    help: "Devicetrees to boot with, as shell patterns; in a unified kernel image the hardware chooses",
  }),
  setting({
    name: "Splash",
    section: "Content",
    scope: "local",
    type: path({ absolute: true }),
    long: "--splash",
    help: "Picture that unified kernel images show while booting, as an absolute path in the image",
  }),
  setting({
    name: "KernelCommandLine",
    section: "Content",
    scope: "local",
    type: textList({ metavar: "OPTIONS", separator: "blank" }),
    long: "--kernel-command-line",
    help: "Options on the kernel's command line",
  }),
] as const;

/** Unless Bootable= says so: a format that may boot, and a kernel among the packages. */
function wantsDefaultInitrd(get: Get): boolean {
  const format = formats[get(Format)];
  const bootable = get(Bootable);
  if (!format.takesInitrd || bootable === "disabled") return false;
  if (bootable === "enabled") return true;
  const distribution = distributions[get(Distribution)];
  if (!format.bootable || get(Overlay)) return false;
  return [...get(Packages), ...get(VolatilePackages)].some((name) => distribution.isKernelPackage(name));
}
