import * as z from "zod";
import { PROTOCOL_VERSION } from "./places.ts";

/** Compares two files or folders of the user. */
export const DiffPlan = z.object({
  version: z.literal(PROTOCOL_VERSION),
  kind: z.literal("diff"),
  /** Kept on the volume under this name while the comparison runs. */
  build: z.string(),
  pairs: z.array(
    z.object({
      /** Begins the place of every difference of this pair; absent: there is but one pair. */
      name: z.string().optional(),
      a: z.object({ source: z.string() }),
      b: z.object({ source: z.string() }),
    }),
  ),
});
export type DiffPlan = z.infer<typeof DiffPlan>;

/** One step of the way from the outermost container to what differs: `partition` `2 (root)`, `filesystem` `ext4`, `file` `/etc/motd`. */
export const Place = z.object({
  kind: z.enum([
    "file",
    "disk",
    "partition",
    "filesystem",
    "archive",
    "compressed",
    "executable",
    "section",
    "image",
    "layer",
  ]),
  name: z.string(),
});
export type Place = z.infer<typeof Place>;

/** One thing that two outputs do not have in common, at the innermost level that explains it. */
export const Difference = z.object({
  place: z.array(Place),
  /**
   * `only` in one of both; `attribute` of what the place names; `content` of a file; `order` of an archive's members;
   * `package` of another version; `bytes` that nothing inside explains.
   */
  kind: z.enum(["only", "attribute", "content", "order", "package", "bytes"]),
  /** The attribute, the package, the structure that the bytes belong to; `content` and `order` say just that. */
  what: z.string(),
  /** What the first one has, and what the second; absent: it does not have it. */
  a: z.string().optional(),
  b: z.string().optional(),
  /** Of the first byte that differs, in what the place names. */
  offset: z.number().int().optional(),
  /** Lines of text that differ, as in a unified diff (diff(1)). */
  lines: z.array(z.string()).optional(),
});
export type Difference = z.infer<typeof Difference>;
