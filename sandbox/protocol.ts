/**
 * The contract between the two sides: the plan that the host hands to the worker, the events that the
 * worker sends back, and its exit codes. The host side imports nothing else of this folder but exit-code.ts, which
 * is there for those that need no schema.
 *
 * Transport: the plan lies in the container at `PLAN_PATH`; events are JSON lines on the worker's
 * standard output; control messages are lines on its standard input, whose end means that the host is gone.
 * In `vm` and `shell` the standard streams are the user's: events go among the lines of standard error, and with a
 * terminal there are none; what goes wrong is then printed for people.
 */
import * as z from "zod";

export { ExitCode } from "./exit-code.ts";

/** Raised whenever a plan or an event changes shape; the worker refuses any other. */
export const PROTOCOL_VERSION = 2;

/** Where things lie inside the tools container. */
export const PLAN_PATH = "/caisson/plan.json";
export const WORKER_PATH = "/caisson/dist/sandbox.mjs";
/** Every source of a plan is mounted read-only below this folder, under its name. */
export const SOURCES_PATH = "/caisson/sources";
/** The host's output directory. */
export const OUTPUT_PATH = "/caisson/output";
/** The named volume: packages, indexes, layers, finished outputs, and the work of running builds. */
export const STORE_PATH = "/store";
/** Where scripts find what they work with, as in mkosi. */
export const WORK_PATH = "/work";
/** What SRCDIR says to scripts. */
export const SRCDIR = `${WORK_PATH}/src`;

/** A control message: a line of its own on the worker's standard input. */
export const Control = { cancel: "cancel" } as const;

/** A file or folder of the user, by the name of its mount, copied to `target` in the tree. */
const Tree = z.object({
  source: z.string(),
  /** Absolute path in the image; a folder's content lands in it. */
  target: z.string().default("/"),
});
export type Tree = z.infer<typeof Tree>;

/** Settings by name, in the reference's JSON. */
const Settings = z.record(z.string(), z.unknown());

/** One stanza of a deb822 sources file (sources.list(5)). */
const AptRepository = z.object({
  types: z.array(z.string()),
  uri: z.string(),
  suites: z.array(z.string()),
  components: z.array(z.string()),
  /** Path of a keyring in the tools image, or an armored key block. */
  signedBy: z.string().optional(),
  /** Skips signature checks; only for LocalMirror= and RepositoryKeyCheck=no. */
  trusted: z.boolean().default(false),
});
export type AptRepository = z.infer<typeof AptRepository>;

const Feature = z.enum(["auto", "enabled", "disabled"]);

const ImagePlan = z.object({
  /** Unique in the plan; events name it. */
  name: z.string(),
  distribution: z.string(),
  release: z.string(),
  /** As in mkosi and systemd: `x86-64`, `arm64`. */
  architecture: z.string(),
  /** As the package manager calls it: `amd64`. */
  packageArchitecture: z.string(),
  /** As UEFI calls it: `x64`, `aa64`; absent where there is no UEFI. */
  efiArchitecture: z.string().optional(),
  packageManager: z.enum(["apt"]),
  repositories: z.array(AptRepository),
  /** The sources that an image with apt gets, without the build's own mirror. */
  imageRepositories: z.array(AptRepository),
  packages: z.array(z.string()),
  removePackages: z.array(z.string()),
  withDocs: z.boolean(),
  withRecommends: z.boolean(),
  environment: z.record(z.string(), z.string()),

  skeletonTrees: z.array(Tree),
  extraTrees: z.array(Tree),
  /** Glob patterns below the root. */
  removeFiles: z.array(z.string()),
  cleanPackageMetadata: Feature,

  /** Fields of os-release(5) that the distribution's own file gets wrong. */
  osRelease: z.record(z.string(), z.string()),
  imageId: z.string().optional(),
  imageVersion: z.string().optional(),
  /** `value` is a crypt(5) hash where `hashed` is set. */
  rootPassword: z.object({ value: z.string(), hashed: z.boolean() }).optional(),
  rootShell: z.string().optional(),
  hostname: z.string().optional(),
  locale: z.string().optional(),
  localeMessages: z.string().optional(),
  timezone: z.string().optional(),
  keymap: z.string().optional(),
  /** 32 hexadecimal digits. */
  machineId: z.string().optional(),
  autologin: z.boolean(),
  makeInitrd: z.boolean(),

  bootable: Feature,
  bootloader: z.enum(["none", "uki", "systemd-boot"]),
  unifiedKernelImages: z.enum(["none", "auto", "unsigned"]),
  kernelCommandLine: z.array(z.string()),
  /** Names of images earlier in the plan whose output becomes an initrd, in order. */
  initrdImages: z.array(z.string()),
  /** Sources that are initrds already, after those of `initrdImages`. */
  initrds: z.array(z.string()),
  kernelModulesInitrd: z.boolean(),
  /** mkosi's module patterns for the modules initrd; a leading `-` takes out. */
  kernelModulesInitrdPatterns: z.array(z.string()),

  /** Sources that are folders of repart.d(5) definitions; empty means the default definitions. */
  repartDirectories: z.array(z.string()),
  /** What the distribution formats its root with: `ext4`. */
  rootFilesystem: z.string(),
  /** Absent: derived from the plan's hash. */
  seed: z.string().optional(),
  /** Seconds; absent: the date of the newest repository metadata used. */
  sourceDateEpoch: z.number().int().optional(),

  format: z.enum(["directory", "tar", "cpio", "disk"]),
  /** File name without extensions: `image`. */
  output: z.string(),
  /** With the extensions of format and compression: `image.tar.zst`. */
  outputFile: z.string(),
  compression: z.enum(["none", "zstd", "xz", "gzip"]),
  compressionLevel: z.number().int(),
  /** False for an image that only feeds a later one. */
  deliver: z.boolean(),
});
export type ImagePlan = z.infer<typeof ImagePlan>;

export const BuildPlan = z.object({
  version: z.literal(PROTOCOL_VERSION),
  kind: z.literal("build"),
  /** Content hash of the tools image: part of every cache key. */
  tools: z.string(),
  /** Every image after those that it needs; the last is the one asked for. */
  images: z.array(ImagePlan).min(1),
  /** Kept on the volume under this name while the build runs. */
  build: z.string(),
  /** Tells configurations apart that call their outputs alike; part of no key. */
  project: z.string(),
  /** What is made anew although the volume has it: layers and outputs; packages and indexes as well. */
  rebuild: z.enum(["none", "layers", "all"]),
  /** Replace existing outputs. */
  force: z.boolean(),
  /** Owner of delivered files, where the engine is rootful: the caller's ids. */
  owner: z.object({ uid: z.number().int(), gid: z.number().int() }).optional(),
  explain: z.boolean(),
});
export type BuildPlan = z.infer<typeof BuildPlan>;

/** Starts QEMU on a disk, or a command in a throw-away overlay over a built tree; the terminal is the worker's own. */
export const VmPlan = z.object({
  version: z.literal(PROTOCOL_VERSION),
  kind: z.literal("vm"),
  architecture: z.string(),
  /** File name in the output directory. */
  image: z.string(),
  format: z.enum(["disk", "directory", "cpio"]),
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
  /** Files and folders to remove from the output directory. */
  outputs: z.array(z.string()),
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

export const Plan = z.discriminatedUnion("kind", [BuildPlan, VmPlan, ShellPlan, CleanPlan, ConfigurePlan]);
export type Plan = z.infer<typeof Plan>;

const Failure = z.object({
  type: z.literal("error"),
  /** Stable, for programs: `package-not-found`. */
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  exitCode: z.number().int(),
  /** A command line to replay, where a tool failed. */
  command: z.string().optional(),
  /** Last lines of the tool's output. */
  tail: z.array(z.string()).default([]),
  /** A bug's stack trace; absent for anything a user can mend. */
  stack: z.string().optional(),
});

export const Event = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hello"), version: z.number().int() }),
  /** A step begins. `id` is unique in the build; `title` is for people. */
  z.object({ type: z.literal("step"), id: z.string(), image: z.string(), title: z.string() }),
  z.object({
    type: z.literal("step-end"),
    id: z.string(),
    result: z.enum(["done", "cached", "failed"]),
    /** Wall-clock time. */
    seconds: z.number(),
  }),
  /** Bytes, where `unit` does not say otherwise. */
  z.object({
    type: z.literal("progress"),
    id: z.string(),
    current: z.number(),
    total: z.number(),
    unit: z.enum(["bytes", "items"]).default("bytes"),
  }),
  /** A line of a tool's output, for the log. */
  z.object({ type: z.literal("log"), id: z.string().optional(), line: z.string() }),
  /** For people, shown at once. */
  z.object({ type: z.literal("notice"), level: z.enum(["info", "warning"]), message: z.string() }),
  /** Why a layer was built, or that it was there. */
  z.object({
    type: z.literal("layer"),
    image: z.string(),
    layer: z.string(),
    key: z.string(),
    cached: z.boolean(),
    /** What changed since the layer of this name was last built, by input. */
    changed: z.array(z.string()).default([]),
  }),
  z.object({
    type: z.literal("output"),
    image: z.string(),
    file: z.string(),
    /** Bytes; what a folder's files add up to. */
    size: z.number(),
    /** Lowercase hexadecimal; absent for a folder. */
    sha256: z.string().optional(),
  }),
  /** What a configure script printed: the settings that it names. */
  z.object({ type: z.literal("configured"), image: z.string(), file: z.string(), settings: Settings }),
  Failure,
]);
export type Event = z.infer<typeof Event>;
export type FailureEvent = z.infer<typeof Failure>;
