import type { Config, ResolvedImage } from "../../config/index.ts";
import { isOciReference } from "../../config/values/oci-reference.ts";
import { configError } from "../../config/values/value-type.ts";
import { architectures } from "../../distributions/architectures.ts";

/** image-spec: annotations.md. */
const VERSION = "org.opencontainers.image.version";

/** Throws UserError `compression-unsupported`, `architecture-unsupported`. */
export function ociPart({ config }: ResolvedImage) {
  const platform = architectures.find(({ name }) => name === config.Architecture)?.oci;
  if (config.Format !== "oci") return { ociPlatform: platform };
  if (platform === undefined) throw unknownArchitecture(config);
  checkCompression(config);
  const { OciLabels: labels, ImageId: refName, ImageVersion: version } = config;
  const annotations = { ...(version === undefined ? {} : { [VERSION]: version }), ...config.OciAnnotations };
  return { ociPlatform: platform, oci: { labels, annotations, refName, overBase: isOverImage(config) } };
}

/** Overlay= of other base trees puts out what differs, without the base. */
function isOverImage({ Overlay, BaseTrees }: Config): boolean {
  return Overlay && BaseTrees.length === 1 && BaseTrees.every(isOciReference);
}

/** Layers can have those that have a media type (image-spec: media-types.md). */
function checkCompression({ CompressOutput: name }: Config): void {
  if (name === "none" || name === "gz" || name === "zstd") return;
  throw configError(
    "compression-unsupported",
    `CompressOutput=${name}: layers of an OCI image are compressed with gz, zstd or not at all`,
    "Set CompressOutput=gz, zstd or none",
  );
}

function unknownArchitecture({ Architecture: name }: Config) {
  return configError(
    "architecture-unsupported",
    `Architecture=${name}: the OCI has no name for it, so that Format=oci cannot be built`,
  );
}
