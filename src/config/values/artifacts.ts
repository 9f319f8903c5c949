import type { List } from "./collections.ts";
import { wordList } from "./enumeration.ts";
import { readBoolean } from "./scalars.ts";

const values = [
  "uki",
  "kernel",
  "initrd",
  "partitions",
  "tar",
  "pcrs",
  "roothash",
  "os-release",
  "kernel-modules-initrd",
  "repart-definitions",
] as const;

export type Artifact = (typeof values)[number];

const words = wordList({ noun: "artifact", values });

/** What `SplitArtifacts=no` stands for. */
export const basicArtifacts: readonly Artifact[] = ["uki", "kernel", "initrd"];

/** A list of artifacts. A boolean stands for a whole list; nothing means none. */
export const splitArtifacts: List<Artifact> = {
  ...words,
  name: "artifact_output_list",
  parse: (text, old, context) => {
    if (text === "") return [];
    const all = readBoolean(text);
    if (all !== undefined) return all ? [...basicArtifacts, "partitions"] : [...basicArtifacts];
    return words.parse(text, old, context);
  },
};
