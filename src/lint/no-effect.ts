import type { Problem } from "../config/problems.ts";
import type { ResolvedImage, ResolvedProject } from "../config/resolved.ts";
import { type Config, findSetting, type SettingName } from "../config/settings/index.ts";
import { type FormatName, formats } from "../formats/index.ts";
import { isBuiltIn } from "./files.ts";
import { findingAt, ownOrigins } from "./names.ts";

/** Settings that nothing reads where `without` is true of the image. */
interface NoEffect {
  settings: readonly SettingName[];
  without: (config: Config, project: Pick<ResolvedProject, "images" | "tools">) => boolean;
  why: string;
}

const partitioned: readonly FormatName[] = ["disk", "esp", "sysext", "confext", "portable"];
const extensions: readonly FormatName[] = ["sysext", "confext", "portable", "addon"];

/** As the reference's build reads them; what merely leads to an error there is not among them. */
export const noEffects: readonly NoEffect[] = [
  {
    settings: ["CompressLevel"],
    without: ({ Format, CompressOutput, SplitArtifacts, Bootable, Initrds }) =>
      (!formats[Format].compressible || CompressOutput === "none") &&
      // The initrd with kernel modules is compressed as well.
      (Bootable === "disabled" || (Bootable === "auto" && Initrds.length === 0)) &&
      !SplitArtifacts.includes("partitions"),
    why: "the output is not compressed",
  },
  {
    settings: ["RepartDirectories"],
    without: ({ Format, SplitArtifacts }) => Format !== "disk" && !SplitArtifacts.includes("repart-definitions"),
    why: "Format= is not disk, and no other format is made of such partitions",
  },
  {
    settings: ["SectorSize", "Seed", "Passphrase"],
    without: ({ Format }) => !partitioned.includes(Format),
    why: "the output of this Format= has no partitions",
  },
  { settings: ["OutputSize"], without: ({ Format }) => Format !== "disk", why: "Format= is not disk" },
  {
    settings: ["ElTorito", "ElToritoSystem", "ElToritoVolume", "ElToritoPublisher"],
    without: ({ Format }) => Format !== "disk",
    why: "Format= is not disk",
  },
  {
    settings: ["ElToritoSystem", "ElToritoVolume", "ElToritoPublisher"],
    without: ({ Format, ElTorito }) => Format === "disk" && ElTorito === "disabled",
    why: "ElTorito= is off",
  },
  {
    settings: ["OciLabels", "OciAnnotations"],
    without: ({ Format }) => Format !== "oci",
    why: "Format= is not oci",
  },
  { settings: ["Overlay"], without: ({ BaseTrees }) => BaseTrees.length === 0, why: "there are no BaseTrees=" },
  { settings: ["ExtraTrees"], without: ({ Format }) => Format === "none", why: "Format=none makes no image" },
  {
    settings: ["Bootloader", "ShimBootloader", "UnifiedKernelImages", "MicrocodeHost"],
    without: cannotBoot,
    why: "Bootable= is off",
  },
  {
    settings: ["BiosBootloader"],
    without: (config) => cannotBoot(config) || config.Overlay,
    why: "the image is not to boot",
  },
  {
    settings: ["ShimBootloader"],
    without: (config) => !cannotBoot(config) && config.Bootloader === "none",
    why: "Bootloader= is none",
  },
  {
    settings: ["Splash", "UnifiedKernelImageProfiles", "UnifiedKernelImageFormat"],
    without: (config) => !makesUnifiedKernelImage(config),
    why: "no unified kernel image is made",
  },
  {
    settings: ["KernelInitrdModules", "KernelModulesInitrdExclude", "KernelModulesInitrdIncludeHost"],
    without: ({ KernelModulesInitrd }) => !KernelModulesInitrd,
    why: "KernelModulesInitrd= is off",
  },
  {
    settings: ["InitrdProfiles", "InitrdPackages", "InitrdVolatilePackages"],
    without: (_config, { images }) => !images.some(({ image }) => image === "default-initrd"),
    why: "no default initrd is made",
  },
  {
    settings: [
      "ToolsTreeDistribution",
      "ToolsTreeRelease",
      "ToolsTreeProfiles",
      "ToolsTreeMirror",
      "ToolsTreeRepositories",
      "ToolsTreeSandboxTrees",
      "ToolsTreePackages",
      "ToolsTreePackageDirectories",
    ],
    without: (_config, { tools }) => tools === undefined,
    why: "ToolsTree= is not default",
  },
  {
    settings: ["MakeInitrd"],
    // What is in an esp or a uki is the initrd of its kernel.
    without: ({ Format }) => partitioned.includes(Format) && Format !== "esp",
    why: "the output of this Format= is never an initrd",
  },
  {
    settings: [
      "Locale",
      "LocaleMessages",
      "Keymap",
      "Timezone",
      "Hostname",
      "RootPassword",
      "RootShell",
      "Autologin",
      "MakeInitrd",
    ],
    without: ({ Format, Overlay }) => Overlay || extensions.includes(Format),
    why: "an extension of another system does not say who that is",
  },
  {
    settings: [
      "SecureBootAutoEnroll",
      "SecureBootKey",
      "SecureBootKeySource",
      "SecureBootCertificateSource",
      "SecureBootSignTool",
    ],
    without: ({ SecureBoot }) => !SecureBoot,
    why: "SecureBoot= is off",
  },
  {
    settings: ["VerityKey", "VerityKeySource"],
    without: ({ Verity }) => Verity !== "auto" && Verity !== "signed",
    why: "Verity= asks for no signature",
  },
  {
    settings: [
      "SignExpectedPcrKey",
      "SignExpectedPcrKeySource",
      "SignExpectedPcrCertificate",
      "SignExpectedPcrCertificateSource",
    ],
    without: ({ SignExpectedPcr }) => SignExpectedPcr === "disabled",
    why: "SignExpectedPcr= is off",
  },
  { settings: ["Key", "OpenPGPTool"], without: ({ Sign }) => !Sign, why: "Sign= is off" },
  {
    settings: ["BuildPackages", "WithTests"],
    without: ({ BuildScripts }) => BuildScripts.length === 0,
    why: "there are no BuildScripts=",
  },
  {
    settings: ["Mirror", "Snapshot"],
    without: ({ LocalMirror }) => LocalMirror !== undefined,
    why: "LocalMirror= takes its place",
  },
  {
    settings: ["ProxyExclude", "ProxyPeerCertificate", "ProxyClientCertificate", "ProxyClientKey"],
    without: ({ ProxyUrl }) => ProxyUrl === undefined,
    why: "there is no ProxyUrl=",
  },
  { settings: ["VSockCID"], without: ({ VSock }) => VSock === "disabled", why: "VSock= is off" },
  {
    settings: ["FirmwareVariables"],
    without: ({ Firmware }) => Firmware === "linux" || Firmware === "linux-noinitrd",
    why: "Firmware= starts no UEFI",
  },
];

/** Formats that are themselves made for booting do not ask whether to. */
function cannotBoot({ Bootable, Format }: Config): boolean {
  return Bootable === "disabled" && Format !== "esp" && Format !== "uki";
}

function makesUnifiedKernelImage(config: Config): boolean {
  const { Format, Bootloader, UnifiedKernelImages } = config;
  if (Format === "uki" || Format === "esp") return true;
  if (cannotBoot(config) || Bootloader === "none") return false;
  return UnifiedKernelImages !== "none" || Bootloader === "uki" || Bootloader === "uki-signed";
}

/** Settings that are set and have no effect in any image that they reach. */
export function checkEffects(project: Pick<ResolvedProject, "images" | "tools">): Problem[] {
  return project.images.flatMap((image) =>
    noEffects.flatMap((rule) =>
      rule.settings.filter((name) => isVoid(rule, name, image, project)).flatMap((name) => findings(name, rule, image)),
    ),
  );
}

function isVoid(
  { without }: NoEffect,
  name: SettingName,
  image: ResolvedImage,
  project: Pick<ResolvedProject, "images" | "tools">,
): boolean {
  const isLocal = findSetting(name)?.scope === "local" || image.image !== "main";
  const reached = isLocal ? [image] : project.images;
  return reached.every(({ config }) => without(config, project));
}

/** A file such as mkosi.key serves several settings, and what was reset asks for nothing. */
function findings(name: SettingName, { why }: NoEffect, image: ResolvedImage): Problem[] {
  const value: unknown = image.config[name];
  if ([undefined, false, "auto", "disabled", "none"].some((off) => off === value)) return [];
  return ownOrigins(image, name)
    .filter((origin) => origin.kind === "command line" || (origin.kind === "file" && !isBuiltIn(origin.file)))
    .filter((origin) => origin.kind !== "file" || origin.text !== "")
    .map((origin) => findingAt("no-effect", `${name}= has no effect: ${why}`, origin));
}
