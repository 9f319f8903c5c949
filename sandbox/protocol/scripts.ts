import * as z from "zod";
import { Settings } from "./settings.ts";
import { Writable } from "./sources.ts";

/** When a build runs a script, in order; `clean` goes with the removal of outputs. */
export const ScriptKind = z.enum(["sync", "prepare", "build", "postinst", "finalize", "postoutput", "clean"]);
export type ScriptKind = z.infer<typeof ScriptKind>;

/** A program of the user. */
export const Script = z.object({
  source: z.string(),
  /** The file, as the user would write it. */
  file: z.string(),
  /** Its root is the image's tree. */
  inImage: z.boolean(),
});
export type Script = z.infer<typeof Script>;

/** A folder that scripts see below SRCDIR. */
export const BuildSource = z.object({
  source: z.string(),
  /** Relative to SRCDIR. */
  target: z.string(),
  /** Paths in it that are no source: outputs, and what is kept between builds. */
  ignored: z.array(z.string()),
  /** Where the output directory lies in it. */
  outputs: z.string().optional(),
});
export type BuildSource = z.infer<typeof BuildSource>;

/** What the programs of one image see of its configuration. */
export const ScriptView = z.object({
  environment: z.record(z.string(), z.string()),
  /** What MKOSI_CONFIG names: settings in the reference's JSON. */
  settings: Settings,
  buildSources: z.array(BuildSource),
});

/** The user's own programs, and what they work with. */
export const ScriptsPart = z.object({
  ...ScriptView.shape,
  scripts: z.record(ScriptKind, z.array(Script)),
  /** Of build scripts. */
  arguments: z.array(z.string()),
  buildPackages: z.array(z.string()),
  /** Whether changes of sources stay: `no` keeps them; `yes` drops them; `buildcache` keeps those of build scripts in the build directory. */
  buildSourcesEphemeral: z.enum(["no", "yes", "buildcache"]),
  buildDirectory: Writable.optional(),
  withNetwork: z.boolean(),
  withTests: z.boolean(),
});
export type ScriptsPart = z.infer<typeof ScriptsPart>;
