import type { Emit } from "./events.ts";
import type { NamedInitrd } from "./kernel/boot-job.ts";
import type { SplitPaths } from "./outputs/split.ts";
import type { BuildPlan, ImagePlan } from "./protocol.ts";
import type { Run } from "./run.ts";
import type { DeviceNode } from "./tree/device-nodes.ts";

/** Does a piece of work once for all images of a build that ask for it under the same key, and gives each the result. */
export type Share = <T>(key: string, work: () => Promise<T>) => Promise<T>;

export function makeShare(): Share {
  const known = new Map<string, Promise<unknown>>();
  return <T>(key: string, work: () => Promise<T>) => {
    const promise = known.get(key) ?? work();
    known.set(key, promise);
    return promise as Promise<T>;
  };
}

/** Files that tools see over those of the tools image. */
export interface Sandbox {
  /** Hash of its content. */
  key: string;
  /** A folder on the volume. */
  path: string;
}

/** What every step of one image's build is handed. */
export interface Context {
  plan: BuildPlan;
  image: ImagePlan;
  emit: Emit;
  /** Runs a tool with SOURCE_DATE_EPOCH set. */
  run: Run;
  /** Seconds; no time later than this reaches an output. */
  epoch: number;
  share: Share;
  /** What SandboxTrees= put over the tools image, where they do. */
  sandbox?: Sandbox | undefined;
  /** Content hash of this program: what it does is an input like any other. */
  code: string;
  /** A UUID that partition and filesystem ids derive from. */
  seed: string;
  /** Folder on the volume for this image's temporary files; removed when the build ends. */
  work: string;
  /** Aborted when the user cancels. */
  signal: AbortSignal;
}

/** What a format's writer is handed. */
export interface WriteJob {
  context: Context;
  /** The finished tree, mounted with an upper directory of its own: writing into it changes no layer. */
  root: string;
  /** The trees of the layers that it is made of, topmost first. */
  stack: readonly string[];
  /** Device nodes of the tree, which lie on no disk. */
  devices: readonly DeviceNode[];
  /** What the tree's layers kept beside it. */
  kept: string | undefined;
  /** What scripts made in place of the tree's own microcode: files on the volume. */
  microcode: NamedInitrd[];
  /** Initrds, outermost first: files on the volume. */
  initrds: NamedInitrd[];
  /** The file or folder to make. */
  output: string;
  /** The folder of all that is delivered. */
  staging: string;
  /** Where parts go that are delivered as files of their own too. */
  split: SplitPaths;
}

/** Writes a tree in one output format, without compression. */
export type Writer = (job: WriteJob) => Promise<void>;
