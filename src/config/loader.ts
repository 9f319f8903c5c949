import type { Reader, Reading } from "./findings.ts";
import type { Namespace } from "./namespace.ts";
import type { Condition } from "./resolved.ts";

/** Reads configuration files into the namespace of one image. */
export interface Loader extends Reader {
  values: Namespace;
  /** Files read so far; absolute. */
  read: string[];
  /** What was included already, by identity. */
  included: Set<string>;
  /** Folders that are being read, by identity. */
  folders: string[];
  /** What let in the file that is being read. */
  conditions: readonly Condition[];
}

export function newLoader(reading: Reading, values: Namespace, quiet = false): Loader {
  return { reading, values, read: [], included: new Set(), folders: [], conditions: [], quiet };
}
