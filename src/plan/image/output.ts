import type { Config, ResolvedImage } from "../../config/index.ts";
import { readEpoch } from "../../config/values/numbers.ts";
import { compressions, formats } from "../../formats/index.ts";
import { distributionOf } from "./distribution.ts";
import type { ImageOptions } from "./options.ts";

export function outputPart({ config, image }: ResolvedImage, { sources }: ImageOptions) {
  const { format, compression } = formOf(config);
  if (!format.built || !compression.built) throw new Error(`a plan for ${format.name}, which is not built`);
  return {
    repartDirectories: config.RepartDirectories.map((path) => sources.source(`${image}-repart`, path)),
    rootFilesystem: distributionOf(config).rootFilesystem,
    seed: config.Seed,
    sourceDateEpoch: config.SourceDateEpoch ?? readEpoch(config.Environment.SOURCE_DATE_EPOCH, "Environment="),
    format: format.name,
    output: config.Output,
    outputFile: outputFile(config),
    compression: compression.plan,
    compressionLevel: config.CompressLevel,
  };
}

/** The output's name with the extensions of format and compression. */
export function outputFile(config: Config): string {
  const { format, compression } = formOf(config);
  return [config.Output, format.extension, compression.extension].filter((part) => part !== "").join(".");
}

function formOf(config: Config) {
  const format = formats[config.Format];
  const compression = compressions[format.compressible ? config.CompressOutput : "none"];
  return { format, compression };
}
