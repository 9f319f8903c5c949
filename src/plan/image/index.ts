import type { BuildPlan } from "../../../sandbox/protocol.ts";
import type { ResolvedImage } from "../../config/index.ts";
import { bootPart } from "./boot.ts";
import { contentPart } from "./content.ts";
import { deliveryPart } from "./delivery.ts";
import { distributionPart } from "./distribution.ts";
import { elToritoPart } from "./el-torito.ts";
import { identityPart } from "./identity.ts";
import { kernelPart } from "./kernel.ts";
import { networkPart } from "./network.ts";
import { ociPart } from "./oci.ts";
import type { ImageOptions } from "./options.ts";
import { outputPart } from "./output.ts";
import { scriptsPart } from "./scripts.ts";
import { signingPart } from "./signing.ts";

export { hasOutput, outputFile, outputNames } from "./output.ts";

export type ImagePlan = BuildPlan["images"][number];

/** The plan of one image: one function for each part of the protocol's. */
export function imagePlan(resolved: ResolvedImage, options: ImageOptions): ImagePlan {
  return {
    name: resolved.image,
    ...distributionPart(resolved, options),
    ...contentPart(resolved, options),
    ...identityPart(resolved),
    ...kernelPart(resolved, options),
    ...bootPart(resolved, options),
    ...signingPart(resolved, options),
    ...networkPart(resolved, options),
    ...outputPart(resolved, options),
    ...elToritoPart(resolved),
    ...deliveryPart(resolved, options),
    ...ociPart(resolved),
    ...scriptsPart(resolved, options),
    dependencies: resolved.config.Dependencies.filter((name) => options.produced.has(name)),
    deliver: options.deliver,
  };
}
