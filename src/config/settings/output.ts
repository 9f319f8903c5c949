import { type CompressionName, compressions, type FormatName, formats } from "../../formats/index.ts";
import { enumeration, wordList } from "../values/enumeration.ts";
import { path } from "../values/paths.ts";
import { bytes, filename, globbedText, octalMode, wholeNumber } from "../values/scalars.ts";
import { version } from "../values/version.ts";
import { setting } from "./setting.ts";

export const Format = setting({
  name: "Format",
  section: "Output",
  scope: "local",
  type: enumeration({ noun: "format", values: Object.keys(formats) as FormatName[] }),
  matchable: true,
  default: "disk",
  long: "--format",
  short: "-t",
  specifier: "t",
  built: (name) => formats[name].built,
  help: "What to make: a directory, a tar or cpio archive, or a disk image",
});

export const ImageVersion = setting({
  name: "ImageVersion",
  section: "Output",
  scope: "inherit",
  type: version,
  matchable: true,
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
  matchable: true,
  long: "--image-id",
  metavar: "ID",
  specifier: "i",
  help: "Name of the image: the output's name unless Output= is set, and written to os-release",
});

export const outputSettings = [
  Format,
  setting({
    name: "ManifestFormat",
    section: "Output",
    scope: "local",
    type: wordList({ noun: "manifest-format", values: ["json", "changelog"] }),
    long: "--manifest-format",
    metavar: "FORMAT",
    help: "Lists of installed packages to write beside the output: as JSON, or as a text with changelogs",
  }),
  setting({
    name: "Output",
    section: "Output",
    scope: "local",
    type: filename("OutputDirectory= says where outputs go"),
    default: (get, { image }): string => {
      const name = image === "main" ? (get(ImageId) ?? "image") : image;
      const imageVersion = get(ImageVersion);
      return imageVersion === undefined ? name : `${name}_${imageVersion}`;
    },
    defaultText: "the image's name ('image' for the main one without ImageId=), with its version where it has one",
    inToolsTree: true,
    long: "--output",
    short: "-o",
    specifier: "o",
    help: "Name of the output without its extensions",
  }),
  setting({
    name: "OutputExtension",
    section: "Output",
    scope: "local",
    type: filename("OutputDirectory= says where outputs go"),
    default: (get): string => formats[get(Format)].extension,
    defaultText: "that of the format",
    long: "--output-extension",
    metavar: "EXTENSION",
    help: "What follows the output's name and a dot; that of a compression is appended to it",
  }),
  setting({
    name: "OutputSize",
    section: "Output",
    scope: "local",
    type: bytes,
    long: "--output-size",
    help: "Size that a disk image is grown to",
  }),
  setting({
    name: "CompressOutput",
    section: "Output",
    scope: "local",
    type: {
      ...enumeration({
        noun: "compression",
        values: Object.keys(compressions) as CompressionName[],
        aliases: { zst: "zstd", gzip: "gz" },
        yes: "zstd",
        no: "none",
      }),
      name: "compression",
    },
    default: (get) => formats[get(Format)].defaultCompression,
    defaultText: "that of the format: zstd for archives and files that are not disks, gz for oci, else none",
    long: "--compress-output",
    help: "Compression of the output; tar and cpio have zstd unless told otherwise",
  }),
  setting({
    name: "CompressLevel",
    section: "Output",
    scope: "inherit",
    type: wholeNumber("compress_level", "a compression level"),
    default: 3,
    long: "--compress-level",
    help: "Level of compression, in the numbers of the compressing tool",
  }),
  setting({
    name: "OutputDirectory",
    section: "Output",
    scope: "universal",
    type: path(),
    inToolsTree: true,
    long: "--output-directory",
    short: "-O",
    files: ["mkosi.output"],
    specifier: "O",
    oldLongs: ["--output-dir"],
    help: "Folder of outputs",
  }),
  setting({
    name: "OutputMode",
    section: "Output",
    scope: "universal",
    type: octalMode,
    long: "--output-mode",
    help: "Permissions of output files, in octal; without it, 644",
  }),
  ImageVersion,
  ImageId,
] as const;
