import * as z from "zod";
import { DiffPlan } from "./diff.ts";
import { ExportPlan } from "./export.ts";
import { ImagePlan } from "./image.ts";
import { PROTOCOL_VERSION } from "./places.ts";
import { Script, ScriptView } from "./scripts.ts";
import { Settings } from "./settings.ts";
import { OutputSource, Secret, Source, Tree, Writable } from "./sources.ts";

export const BuildPlan = z.object({
  version: z.literal(PROTOCOL_VERSION),
  kind: z.literal("build"),
  /** Content hash of the tools image: part of every cache key. */
  tools: z.string(),
  /** Every image after those that it needs; the last is the one asked for. */
  images: z.array(ImagePlan).min(1),
  outputSources: z.array(OutputSource),
  /** Kept on the volume under this name while the build runs. */
  build: z.string(),
  /** Tells configurations apart that call their outputs alike; part of no key. */
  project: z.string(),
  /** What is made anew although the volume has it: layers and outputs; packages and indexes as well. */
  rebuild: z.enum(["none", "layers", "all"]),
  /** What packages and prepare scripts make has to be there from an earlier build. */
  requireCache: z.boolean(),
  /** Build scripts run again, whatever they read, and nothing follows: no output is written. */
  rerunBuildScripts: z.boolean(),
  /** Build directories are emptied first. */
  wipeBuildDirectories: z.boolean(),
  /** Replace existing outputs. */
  force: z.boolean(),
  /** Owner of delivered files, where the engine is rootful: the caller's ids. */
  owner: z.object({ uid: z.number().int(), gid: z.number().int() }).optional(),
  /** Where a script fails, the host is asked to open a shell. */
  debugShell: z.boolean(),
  explain: z.boolean(),
  /** Seconds that the tools' clock is ahead of the host's: no output may tell. */
  clock: z.number().int().optional(),
});
export type BuildPlan = z.infer<typeof BuildPlan>;

/** What UEFI firmware has in its variables when it is started for the first time. */
export const FirmwareVariables = z.discriminatedUnion("kind", [
  /** Nothing; with Secure Boot, firmware is in setup mode, and takes any keys. */
  z.object({ kind: z.literal("empty") }),
  /** Microsoft's keys, and beside them a machine owner's key, for shim. */
  z.object({ kind: z.literal("microsoft"), ownerKey: Source.optional() }),
  /** One certificate in all of Secure Boot's variables. */
  z.object({ kind: z.literal("custom"), certificate: Source }),
  /** A copy of the file. */
  z.object({ kind: z.literal("file"), file: Source }),
]);
export type FirmwareVariables = z.infer<typeof FirmwareVariables>;

/** Starts QEMU on a disk, or a command in a throw-away overlay over a built tree; the terminal is the worker's own. */
export const VmPlan = z.object({
  version: z.literal(PROTOCOL_VERSION),
  kind: z.literal("vm"),
  architecture: z.string(),
  /** File name in the output directory. */
  image: z.string(),
  format: z.enum(["disk", "directory", "cpio", "esp", "uki"]),
  /** What starts the image. */
  firmware: z.enum(["uefi", "uefi-secure-boot", "bios"]),
  firmwareVariables: FirmwareVariables,
  /** System credentials of the guest (systemd.system-credentials(7)). */
  credentials: z.array(z.object({ name: z.string(), value: z.union([z.string(), Secret]) })),
  /** A certificate whose key may log in as root by SSH. */
  sshCertificate: Source.optional(),
  kvm: z.boolean(),
  /** Start again on QEMU's own emulation where KVM turns out not to run the guest. */
  kvmFallback: z.boolean(),
  /** MiB. */
  memory: z.number().int(),
  cpus: z.number().int(),
  /** Writes of the guest are thrown away. */
  ephemeral: z.boolean(),
  /** Appended to QEMU's command line. */
  arguments: z.array(z.string()),
});
export type VmPlan = z.infer<typeof VmPlan>;

export const ShellPlan = z.object({
  version: z.literal(PROTOCOL_VERSION),
  kind: z.literal("shell"),
  /** That of the build. */
  project: z.string(),
  /** `output` of the image whose tree was built last. */
  image: z.string(),
  /** Empty: a login shell. */
  command: z.array(z.string()),
  network: z.boolean(),
});
export type ShellPlan = z.infer<typeof ShellPlan>;

/** Empties the store: `all` the package cache and the indexes as well. */
export const CleanPlan = z.object({
  version: z.literal(PROTOCOL_VERSION),
  kind: z.literal("clean"),
  /** `work` leftovers of killed builds only; `layers` cached layers and outputs too; `all` packages, indexes and resolutions too. */
  what: z.enum(["work", "layers", "all"]),
  /** That of the builds. */
  project: z.string(),
  /** What is removed from the output directory: what builds recorded as delivered for an image. */
  images: z.array(
    z.object({
      /** Name without extensions. */
      output: z.string(),
      /** Names to remove where nothing is recorded. */
      files: z.array(z.string()),
    }),
  ),
  /** CleanScripts= of images, run once outputs are gone. */
  scripts: z.array(z.object({ name: z.string(), ...ScriptView.shape, scripts: z.array(Script) })),
  /** Emptied. */
  buildDirectories: z.array(Writable),
});
export type CleanPlan = z.infer<typeof CleanPlan>;

/** Runs programs that change images' configuration before their build is planned. */
export const ConfigurePlan = z.object({
  version: z.literal(PROTOCOL_VERSION),
  kind: z.literal("configure"),
  images: z.array(
    z.object({
      /** As in a build's plan. */
      name: z.string(),
      /** Settings in the reference's JSON: the standard input of the first script. */
      settings: Settings,
      environment: z.record(z.string(), z.string()),
      /** Folders of the user, read-only below SRCDIR; a target is relative to that. */
      sources: z.array(Tree),
      /** In order; each gets what the one before made of the settings. */
      scripts: z.array(
        z.object({
          source: z.string(),
          /** The file, as the user would write it. */
          file: z.string(),
        }),
      ),
    }),
  ),
});
export type ConfigurePlan = z.infer<typeof ConfigurePlan>;

/** Makes a private key and a certificate in the output directory. */
export const GenkeyPlan = z.object({
  version: z.literal(PROTOCOL_VERSION),
  kind: z.literal("genkey"),
  /** File names; what is there is replaced. */
  key: z.string(),
  certificate: z.string(),
  commonName: z.string(),
  /** From now on. */
  days: z.number().int(),
  /** As of a build. */
  owner: z.object({ uid: z.number().int(), gid: z.number().int() }).optional(),
});
export type GenkeyPlan = z.infer<typeof GenkeyPlan>;

export const Plan = z.discriminatedUnion("kind", [
  BuildPlan,
  VmPlan,
  ShellPlan,
  CleanPlan,
  ConfigurePlan,
  GenkeyPlan,
  DiffPlan,
  ExportPlan,
]);
export type Plan = z.infer<typeof Plan>;
