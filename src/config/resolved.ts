import type { Place, Problem } from "./problems.ts";
import type { Config, SettingName } from "./settings/index.ts";

/** One option of the command line, in the order given. */
export interface ParsedSetting {
  name: string;
  value: string;
  source: "command line";
  /** As it was written: `--format=tar`. */
  raw: string;
}

/** A line of [Match] and the like that was found to hold, or not to. */
export interface Condition {
  place: Place;
  /** `Distribution=|!debian`. */
  text: string;
}

/** Where a value, or a part of it, was set. */
export type Origin =
  | { kind: "file"; file: string; line: number; place: Place; text: string; conditions: readonly Condition[] }
  /** A file such as `mkosi.extra`, whose existence is the assignment. */
  | { kind: "default file"; file: string; conditions: readonly Condition[] }
  | { kind: "command line"; raw: string }
  /** Handed down from the main image, where these are its origins; none where it has its default there. */
  | { kind: "image"; image: string; from: readonly Origin[] };

/** One assignment, in the order in which they were read, whether or not others came after it. */
export interface SettingAssignment {
  setting: SettingName;
  origin: Origin;
  /** It was empty: all before it counts no more. */
  isReset: boolean;
}

/** A file or folder that was passed over, and the condition that did not hold. */
export interface Skipped {
  file: string;
  condition: Condition;
}

export interface ResolvedImage {
  /** `main`, `tools`, `default-initrd`, or the name of a subimage. */
  image: string;
  config: Config;
  /** By setting; one that is missing has its default. */
  origins: Partial<Record<SettingName, readonly Origin[]>>;
  assignments: readonly SettingAssignment[];
  skipped: readonly Skipped[];
  /** Configuration files that were read, in order; absolute. */
  files: readonly string[];
}

export interface ResolvedProject {
  /** The folder that holds mkosi.conf; absolute. */
  directory: string;
  /** The folder that Caisson works in; absolute. */
  workingDirectory: string;
  /** In the order in which they are built; the main image is the last one. */
  images: readonly ResolvedImage[];
  main: ResolvedImage;
  /** The default tools tree's configuration, where ToolsTree= asks for it. */
  tools: ResolvedImage | undefined;
  /** What is not as it should be, but does not keep the configuration from being read. */
  problems: readonly Problem[];
}
