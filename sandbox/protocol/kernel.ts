import * as z from "zod";

/** Which modules and which firmware of its kernels a tree keeps. */
export const KernelPart = z.object({
  /** As in `sandbox/kernel/modules.ts`; none keeps all. */
  kernelModules: z.array(z.string()),
  firmware: z.object({
    /** Shell patterns with `-` to take out, and `re:` expressions. */
    include: z.array(z.string()),
    /** `re:` expressions. */
    exclude: z.array(z.string()),
  }),
});
