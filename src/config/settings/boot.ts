import { distributions } from "../../distributions/index.ts";
import { formats } from "../../formats/index.ts";
import { textList } from "../values/collections.ts";
import { enumeration } from "../values/enumeration.ts";
import { pathList } from "../values/paths.ts";
import { boolean, feature } from "../values/scalars.ts";
import { invalid } from "../values/value-type.ts";
import { Packages } from "./content.ts";
import { Distribution } from "./distribution.ts";
import { Format } from "./output.ts";
import { type Get, setting } from "./setting.ts";

const expressions = textList({
  metavar: "REGEX",
  read: (text, context) => {
    try {
      new RegExp(text);
    } catch (error) {
      throw invalid(context, text, `expected a regular expression: ${(error as Error).message}`);
    }
    return text;
  },
});

export const Bootable = setting({
  name: "Bootable",
  section: "Content",
  scope: "local",
  type: feature,
  long: "--bootable",
  help: "Whether the image must boot; auto makes it bootable where it has a kernel",
});

export const bootSettings = [
  Bootable,
  setting({
    name: "Bootloader",
    section: "Content",
    scope: "local",
    type: enumeration({
      noun: "bootloader",
      values: ["none", "uki", "systemd-boot", "grub", "uki-signed", "systemd-boot-signed", "grub-signed"],
      supported: ["none", "uki", "systemd-boot"],
    }),
    default: "systemd-boot",
    long: "--bootloader",
    help: "UEFI boot loader: systemd-boot, a unified kernel image alone, or none",
  }),
  setting({
    name: "UnifiedKernelImages",
    section: "Content",
    scope: "local",
    type: enumeration({
      noun: "unified-kernel-image",
      values: ["none", "auto", "signed", "unsigned"],
      supported: ["none", "auto", "unsigned"],
      yes: "signed",
      no: "none",
    }),
    default: "auto",
    long: "--unified-kernel-images",
    help: "Whether kernel, initrd and command line become one file",
  }),
  setting({
    name: "Initrds",
    section: "Content",
    scope: "local",
    type: pathList({ required: true, constants: ["default"] }),
    default: (get): string[] => (wantsDefaultInitrd(get) ? ["default"] : []),
    long: "--initrd",
    help: "Initrds to boot with; 'default' is the one that Caisson builds",
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
    name: "KernelCommandLine",
    section: "Content",
    scope: "local",
    type: textList({ metavar: "OPTIONS", separator: "blank" }),
    long: "--kernel-command-line",
    help: "Options on the kernel's command line",
  }),
  setting({
    name: "KernelModulesInitrd",
    section: "Content",
    scope: "local",
    type: boolean,
    default: true,
    long: "--kernel-modules-initrd",
    help: "Append an initrd with kernel modules to the others",
  }),
  setting({
    name: "KernelModulesInitrdInclude",
    section: "Content",
    scope: "local",
    type: expressions,
    long: "--kernel-modules-initrd-include",
    help: "Kernel modules for that initrd, as regular expressions, or 'default'",
  }),
  setting({
    name: "KernelModulesInitrdExclude",
    section: "Content",
    scope: "local",
    type: expressions,
    long: "--kernel-modules-initrd-exclude",
    help: "Kernel modules to leave out of it, as regular expressions",
  }),
  setting({
    name: "KernelInitrdModules",
    section: "Content",
    scope: "local",
    type: textList({ metavar: "GLOB" }),
    long: "--kernel-initrd-modules",
    help: "Kernel modules for that initrd, as shell patterns, or 'default'; a leading '-' takes out",
  }),
] as const;

/** With Bootable=auto, a format that may boot and a kernel among the packages. */
function wantsDefaultInitrd(get: Get): boolean {
  const bootable = get(Bootable);
  if (bootable !== "auto") return bootable === "enabled";
  const distribution = get(Distribution);
  if (!formats[get(Format)].bootable || distribution === undefined) return false;
  return get(Packages).some((name) => distributions[distribution].isKernelPackage(name));
}
