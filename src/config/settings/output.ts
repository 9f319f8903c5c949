import { type CompressionName, compressions, type FormatName, formats } from "../../formats/index.ts";
import { enumeration } from "../values/enumeration.ts";
import { path, pathList } from "../values/paths.ts";
import { filename, globbedText, uuid, wholeNumber } from "../values/scalars.ts";
import { version } from "../values/version.ts";
import { setting } from "./setting.ts";

export const Format = setting({
  name: "Format",
  section: "Output",
  scope: "local",
  type: enumeration({
    noun: "format",
    values: ["confext", "cpio", "directory", "disk", "esp", "none", "portable", "sysext", "tar", "uki", "oci", "addon"],
    supported: Object.keys(formats) as FormatName[],
  }),
  default: "disk",
  long: "--format",
  short: "-t",
  specifier: "t",
  help: "What to make: a directory, a tar or cpio archive, or a disk image",
});

export const ImageVersion = setting({
  name: "ImageVersion",
  section: "Output",
  scope: "inherit",
  type: version,
  long: "--image-version",
  files: ["mkosi.version"],
  fileHoldsValue: true,
  specifier: "v",
  help: "Version of the image: appended to the output's name and written to os-release",
});

export const ImageId = setting({
  name: "ImageId",
  section: "Output",
  scope: "inherit",
  type: globbedText,
  long: "--image-id",
  specifier: "i",
  help: "Name of the image: the output's name unless Output= is set, and written to os-release",
});

export const Output = setting({
  name: "Output",
  section: "Output",
  scope: "local",
  type: filename,
  default: (get, { image }): string => {
    const name = image === "main" ? (get(ImageId) ?? "image") : image;
    const imageVersion = get(ImageVersion);
    return imageVersion === undefined ? name : `${name}_${imageVersion}`;
  },
  long: "--output",
  short: "-o",
  specifier: "o",
  help: "Name of the output without its extensions",
});

export const CompressOutput = setting({
  name: "CompressOutput",
  section: "Output",
  scope: "local",
  type: {
    ...enumeration({
      noun: "compression",
      values: ["none", "zstd", "xz", "bz2", "gz", "lz4", "lzma"],
      supported: Object.keys(compressions) as CompressionName[],
      aliases: { zst: "zstd", gzip: "gz" },
      yes: "zstd",
      no: "none",
    }),
    name: "compression",
  },
  default: (get): CompressionName => formats[get(Format)].defaultCompression,
  long: "--compress-output",
  help: "Compression of the output; tar and cpio have zstd unless told otherwise",
});

export const CompressLevel = setting({
  name: "CompressLevel",
  section: "Output",
  scope: "inherit",
  type: wholeNumber("compress_level", "a compression level"),
  default: 3,
  long: "--compress-level",
  help: "Level of compression, in the numbers of the compressing tool",
});

export const OutputDirectory = setting({
  name: "OutputDirectory",
  section: "Output",
  scope: "universal",
  type: path(),
  long: "--output-directory",
  short: "-O",
  files: ["mkosi.output"],
  specifier: "O",
  oldLongs: ["--output-dir"],
  help: "Folder of outputs",
});

export const RepartDirectories = setting({
  name: "RepartDirectories",
  section: "Output",
  scope: "local",
  type: pathList({ required: true }),
  long: "--repart-directory",
  files: ["mkosi.repart"],
  oldLongs: ["--repart-dir"],
  help: "Folders with systemd-repart definitions of a disk's partitions",
});

export const Seed = setting({
  name: "Seed",
  section: "Output",
  scope: "local",
  type: uuid,
  long: "--seed",
  files: ["mkosi.seed"],
  fileHoldsValue: true,
  help: "UUID that other identifiers are derived from; without it, what is built decides",
});

export const outputSettings = [
  Format,
  Output,
  CompressOutput,
  CompressLevel,
  OutputDirectory,
  ImageVersion,
  ImageId,
  RepartDirectories,
  Seed,
] as const;
