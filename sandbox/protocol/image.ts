import * as z from "zod";
import { BootPart } from "./boot.ts";
import { ContentPart } from "./content.ts";
import { DeliveryPart } from "./delivery.ts";
import { DistributionPart } from "./distribution.ts";
import { ElToritoPart } from "./el-torito.ts";
import { IdentityPart } from "./identity.ts";
import { KernelPart } from "./kernel.ts";
import { NetworkPart } from "./network.ts";
import { OciPart } from "./oci.ts";
import { OutputPart } from "./output.ts";
import { ScriptsPart } from "./scripts.ts";
import { SigningPart } from "./signing.ts";

/** One image, in parts: each part is a file here, and a function of `src/plan/image/`. */
export const ImagePlan = z.object({
  /** Unique in the plan; events name it. */
  name: z.string(),
  ...DistributionPart.shape,
  ...ContentPart.shape,
  ...IdentityPart.shape,
  ...KernelPart.shape,
  ...BootPart.shape,
  ...SigningPart.shape,
  ...NetworkPart.shape,
  ...OutputPart.shape,
  ...ElToritoPart.shape,
  ...DeliveryPart.shape,
  ...OciPart.shape,
  /** Absent where the image has no scripts. */
  scripts: ScriptsPart.optional(),
  /** Images whose build scripts may have made packages for this one: those of Dependencies=. */
  dependencies: z.array(z.string()),
  /** False for an image that only feeds a later one. */
  deliver: z.boolean(),
});
export type ImagePlan = z.infer<typeof ImagePlan>;
