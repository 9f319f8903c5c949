import * as z from "zod";
import { Secret, Source } from "./sources.ts";

/** How what comes over the network is fetched. It says nothing of what comes, and is in no key. */
export const NetworkPart = z.object({
  proxy: z
    .object({
      url: z.string(),
      /** Hosts that are asked without it; a leading dot means all below a domain. */
      exclude: z.array(z.string()),
      /** Certificates of those who may be asked, by the proxy or through it. */
      authorities: Source.optional(),
      certificate: Secret.optional(),
      key: Secret.optional(),
    })
    .optional(),
  /** What is not fetched: `metadata` repositories' indexes, `always` packages too. */
  cacheOnly: z.enum(["never", "auto", "metadata", "always"]),
});
