import { moduleFilter, textList } from "../values/collections.ts";
import { boolean } from "../values/scalars.ts";
import { setting } from "./setting.ts";

const expressions = textList({ metavar: "REGEX", read: moduleFilter });
const globs = textList({ metavar: "GLOB" });

/** Which kernel modules and which firmware go into the image and into the initrd with modules. */
export const kernelSettings = [
  setting({
    name: "KernelModulesInclude",
    section: "Content",
    scope: "local",
    type: expressions,
    addsTo: "KernelModules",
    inJson: false,
    long: "--kernel-modules-include",
    help: "Kernel modules to keep in the image, as regular expressions, or 'default', or 'host'",
  }),
  setting({
    name: "KernelModulesExclude",
    section: "Content",
    scope: "local",
    type: expressions,
    long: "--kernel-modules-exclude",
    help: "Kernel modules to leave out of the image, as regular expressions",
  }),
  setting({
    name: "KernelModules",
    section: "Content",
    scope: "local",
    type: globs,
    long: "--kernel-modules",
    help: "Kernel modules to keep in the image, as shell patterns, or 'default'; a leading '-' takes out",
  }),
  setting({
    name: "KernelModulesIncludeHost",
    section: "Content",
    scope: "local",
    type: boolean,
    long: "--kernel-modules-include-host",
    help: "Keep the kernel modules that this machine has loaded",
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
    addsTo: "KernelInitrdModules",
    inJson: false,
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
    type: globs,
    long: "--kernel-initrd-modules",
    help: "Kernel modules for that initrd, as shell patterns, or 'default'; a leading '-' takes out",
  }),
  setting({
    name: "KernelModulesInitrdIncludeHost",
    section: "Content",
    scope: "local",
    type: boolean,
    long: "--kernel-modules-initrd-include-host",
    help: "Put the kernel modules that this machine has loaded into that initrd",
  }),
  setting({
    name: "FirmwareInclude",
    section: "Content",
    scope: "local",
    type: expressions,
    addsTo: "FirmwareFiles",
    inJson: false,
    long: "--firmware-include",
    help: "Firmware to keep beside what modules ask for, as regular expressions",
  }),
  setting({
    name: "FirmwareExclude",
    section: "Content",
    scope: "local",
    type: expressions,
    long: "--firmware-exclude",
    help: "Firmware to leave out of the image, as regular expressions",
  }),
  setting({
    name: "FirmwareFiles",
    section: "Content",
    scope: "local",
    type: globs,
    long: "--firmware-files",
    help: "Firmware to keep beside what modules ask for, as shell patterns; a leading '-' takes out",
  }),
] as const;
