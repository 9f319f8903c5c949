/**
 * How a plan names what the user has on the host. Wherever a plan has an object with `source`, keys of layers and
 * outputs take the content's hash in its place (`sandbox/tree/inputs.ts`); an object with `secret` is in no key, is
 * not hashed, and its content is neither kept on the volume nor logged. An object with `writable` is in no key either.
 */
import * as z from "zod";

/** A file or folder of the user, by the name of its mount below `SOURCES_PATH`. */
export const Source = z.object({ source: z.string() });
export type Source = z.infer<typeof Source>;

/** A source that is no mount, but what an image earlier in the plan makes. */
export const OutputSource = z.object({
  name: z.string(),
  image: z.string(),
  /** A file that the image delivers; absent: its output. */
  file: z.string().optional(),
});
export type OutputSource = z.infer<typeof OutputSource>;

/** A private key or a passphrase, by the name of its mount. */
export const Secret = z.object({ secret: z.string() });
export type Secret = z.infer<typeof Secret>;

/** A folder of the user that programs may write into, by the name of its mount. */
export const Writable = z.object({ writable: z.string() });
export type Writable = z.infer<typeof Writable>;

/** A file or folder of the user that is copied to `target`. */
export const Tree = z.object({
  source: z.string(),
  /** The file's own name, which it keeps where the target is a folder. In keys for files alone. */
  name: z.string().optional(),
  /** Absolute path in the image; a folder's content lands in it. */
  target: z.string().default("/"),
});
export type Tree = z.infer<typeof Tree>;

export const Feature = z.enum(["auto", "enabled", "disabled"]);
export type Feature = z.infer<typeof Feature>;
