import { basicArtifacts, splitArtifacts } from "../values/artifacts.ts";
import { keyValues } from "../values/collections.ts";
import { pathList, scripts } from "../values/paths.ts";
import { boolean, feature, sectorSize, text, uuid } from "../values/scalars.ts";
import { setting } from "./setting.ts";

export const Overlay = setting({
  name: "Overlay",
  section: "Output",
  scope: "local",
  type: boolean,
  long: "--overlay",
  help: "Put into the output only what differs from BaseTrees=",
});

/** What the output is made of and what is written beside it. */
export const outputPartSettings = [
  setting({
    name: "OciLabels",
    section: "Output",
    scope: "local",
    type: keyValues,
    long: "--oci-labels",
    help: "Labels in the configuration of an OCI image, which engines show and filter by",
  }),
  setting({
    name: "OciAnnotations",
    section: "Output",
    scope: "local",
    type: keyValues,
    long: "--oci-annotations",
    help: "Annotations in the manifest of an OCI image",
  }),
  setting({
    name: "SplitArtifacts",
    section: "Output",
    scope: "local",
    type: splitArtifacts,
    default: [...basicArtifacts],
    long: "--split-artifacts",
    metavar: "ARTIFACT",
    help: "Parts of the image to write as files of their own too: its kernel, its partitions and the like",
  }),
  setting({
    name: "RepartDirectories",
    section: "Output",
    scope: "local",
    type: pathList({ required: true }),
    long: "--repart-directory",
    files: ["mkosi.repart"],
    oldLongs: ["--repart-dir"],
    help: "Folders with systemd-repart definitions of a disk's partitions",
  }),
  setting({
    name: "SectorSize",
    section: "Output",
    scope: "inherit",
    type: sectorSize,
    long: "--sector-size",
    help: "Logical sector size of disk images: 512, 1024, 2048 or 4096 bytes",
  }),
  Overlay,
  setting({
    name: "Seed",
    section: "Output",
    scope: "local",
    type: uuid,
    clearable: false,
    defaultText: "derived from what is built",
    long: "--seed",
    files: ["mkosi.seed"],
    fileHoldsValue: true,
    help: "UUID that other identifiers are derived from; without it, what is built decides",
  }),
  setting({
    name: "ElTorito",
    section: "Output",
    scope: "local",
    type: feature,
    long: "--el-torito",
    help: "Make disks bootable from CD-ROM drives too; auto does not",
  }),
  setting({
    name: "ElToritoSystem",
    section: "Output",
    scope: "local",
    type: text,
    long: "--el-torito-system",
    help: "Operating system named in the disk's ISO 9660 descriptor",
  }),
  setting({
    name: "ElToritoVolume",
    section: "Output",
    scope: "local",
    type: text,
    long: "--el-torito-volume",
    help: "Volume name in the disk's ISO 9660 descriptor",
  }),
  setting({
    name: "ElToritoPublisher",
    section: "Output",
    scope: "local",
    type: text,
    long: "--el-torito-publisher",
    help: "Publisher named in the disk's ISO 9660 descriptor",
  }),
  setting({
    name: "CleanScripts",
    section: "Output",
    scope: "local",
    type: scripts,
    long: "--clean-script",
    files: ["mkosi.clean", "mkosi.clean.d/*"],
    help: "Programs to run when outputs are removed, for what other scripts left behind",
  }),
] as const;
