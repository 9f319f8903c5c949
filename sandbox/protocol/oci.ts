import * as z from "zod";
import { Secret, Source } from "./sources.ts";

/** An image that exists already, to start from. */
export const OciSource = z.discriminatedUnion("kind", [
  z.object({
    /** A folder in the OCI's image layout, or a tar archive of one. */
    kind: z.literal("layout"),
    ...Source.shape,
    /** Which of its images: that of this `org.opencontainers.image.ref.name`; absent with `digest`, or where there is but one. */
    name: z.string().optional(),
    /** Digest of the image's manifest or index. */
    digest: z.string().optional(),
  }),
  z.object({
    kind: z.literal("registry"),
    /** `REGISTRY/NAME[:TAG][@DIGEST]`. */
    image: z.string(),
    /** A file of containers-auth.json(5). */
    credentials: Secret.optional(),
  }),
]);
export type OciSource = z.infer<typeof OciSource>;

/** What concerns container images. */
export const OciPart = z.object({
  /** As Go and the OCI call the image's architecture; absent where they have no name for it. */
  ociPlatform: z.object({ architecture: z.string(), variant: z.string().optional() }).optional(),
  /** Of the format `oci` alone. */
  oci: z
    .object({
      /** Of the configuration. */
      labels: z.record(z.string(), z.string()),
      /** Of the manifest. */
      annotations: z.record(z.string(), z.string()),
      /** Its layers lie on those of the image that is its only base tree, and hold what differs from that. */
      overBase: z.boolean(),
      /** Name of the image in its layout. */
      refName: z.string().optional(),
    })
    .optional(),
});
