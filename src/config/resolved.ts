import type { Config, SettingName } from "./settings/index.ts";

/** One option of the command line, in the order given. */
export interface ParsedSetting {
  name: string;
  value: string;
  source: "command line";
  /** As it was written: `--format=tar`. */
  raw: string;
}

/** Where a value, or a part of it, was set. */
export type Origin =
  | { kind: "file"; file: string; line: number }
  /** A file such as `mkosi.extra`, whose existence is the assignment. */
  | { kind: "default file"; file: string }
  | { kind: "command line"; raw: string }
  /** Handed down from the main image. */
  | { kind: "image"; image: string };

export interface ResolvedConfig {
  /** `main`, or `default-initrd`. */
  image: string;
  config: Config;
  /** By setting; one that is missing has its default. */
  origins: Partial<Record<SettingName, Origin[]>>;
  /** The folder that holds mkosi.conf; absolute. */
  directory: string;
  /** Configuration files that were read, in order. */
  files: string[];
  /** For people: deprecated names, settings in the wrong section. */
  warnings: string[];
  /** What the default initrd is built from. Its settings also say which kernel modules are the default ones. */
  defaultInitrd?: ResolvedConfig;
}
