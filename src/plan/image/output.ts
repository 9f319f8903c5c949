import type { Config, ResolvedImage } from "../../config/index.ts";
import { readEpoch } from "../../config/values/numbers.ts";
import { compressions, type Format, formats } from "../../formats/index.ts";
import { besideNames } from "./delivery.ts";
import { distributionOf } from "./distribution.ts";
import type { ImageOptions } from "./options.ts";

export function outputPart({ config, image }: ResolvedImage, { sources }: ImageOptions) {
  const { format, compression } = formOf(config);
  if (!format.built) throw new Error(`a plan for ${format.name}, which is not built`);
  return {
    repartDirectories: config.RepartDirectories.map((path) => sources.source(`${image}-repart`, path)),
    rootFilesystem: distributionOf(config).rootFilesystem,
    sectorSize: config.SectorSize,
    selinuxRelabel: config.SELinuxRelabel,
    seed: config.Seed,
    sourceDateEpoch: config.SourceDateEpoch ?? readEpoch(config.Environment.SOURCE_DATE_EPOCH, "Environment="),
    format: format.name,
    output: config.Output,
    outputSize: config.OutputSize,
    outputFile: outputFile(config),
    compression: compression.plan,
    compressesWhole: format.compressible,
    compressionLevel: config.CompressLevel,
  };
}

/** The output's name with the extensions of format and compression. */
export function outputFile(config: Config): string {
  const { format, compression } = formOf(config);
  const extensions = [config.OutputExtension, ...(format.compressible ? [compression.extension] : [])];
  return [config.Output, ...extensions].filter((part) => part !== "").join(".");
}

/** Everything that a build delivers under a name that is known beforehand, and the link that has the name alone. */
export function outputNames(config: Config): string[] {
  if (!hasOutput(config)) return [];
  return [...new Set([outputFile(config), config.Output, ...besideNames(config)])];
}

/** Whether there is anything to deliver. */
export function hasOutput({ Format }: Pick<Config, "Format">): boolean {
  const format: Format = formats[Format];
  return format.delivers !== false;
}

function formOf(config: Config) {
  return { format: formats[config.Format], compression: compressions[config.CompressOutput] };
}
