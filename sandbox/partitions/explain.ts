import { allValues, type Definition } from "./definitions.ts";

/** What a failed systemd-repart said, and how to mend it. */
export interface Explanation {
  said: string;
  hint: string | undefined;
}

interface Row {
  said: RegExp;
  /** Settings of the definition that the message is about. */
  read: readonly string[];
  expected: string;
}

const SIZE = "a number of bytes, with K, M, G or T behind it for powers of 1024";
const VERITY = "VerityMatchKey= with the same word in the definitions with Verity=data and Verity=hash, one of each";

/** By what systemd-repart 257 says. The group of a pattern is a value in the definition, where the message names no file. */
const ROWS: readonly Row[] = [
  {
    said: /^SizeMinBytes= larger than SizeMaxBytes=/,
    read: ["SizeMinBytes", "SizeMaxBytes"],
    expected: "a least size that is not above the largest one",
  },
  {
    said: /^Failed to parse size value/,
    read: ["SizeMinBytes", "SizeMaxBytes", "PaddingMinBytes", "PaddingMaxBytes"],
    expected: SIZE,
  },
  {
    said: /^Failed to parse partition type/,
    read: ["Type"],
    expected: "a name such as root, usr, esp, xbootldr, swap, home, srv, var, tmp or linux-generic, or a UUID",
  },
  { said: /^Type= not defined/, read: ["Type"], expected: "Type= in the section [Partition]" },
  {
    said: /^(?:mkfs binary for (\S+) is not available|Loop device access is required to populate (\S+) filesystems)/,
    read: ["Format"],
    expected: "ext4, btrfs, xfs, vfat, erofs, squashfs or swap",
  },
  {
    said: /^Cannot format \S+ filesystem without source files/,
    read: ["Format", "CopyFiles"],
    expected: "CopyFiles= with a file or folder that the image has",
  },
  {
    said: /^Minimize=best can only be used/,
    read: ["Format", "Minimize"],
    expected: "Minimize=guess, or a filesystem that is never written to, as erofs and squashfs are",
  },
  { said: /^VerityMatchKey= must be set|^Missing verity /, read: ["Verity", "VerityMatchKey"], expected: VERITY },
  { said: /cannot be combined/, read: ["Format", "CopyFiles", "CopyBlocks"], expected: "one of them alone" },
  {
    said: /^Failed to open '([^']+)': No such file/,
    read: ["CopyBlocks"],
    expected: "the absolute path of a file in the image",
  },
];

/**
 * What failed, in systemd-repart's own words, with the definition that they are about, what was read there, and what was
 * expected.
 */
export function explain(output: readonly string[], definitions: readonly Definition[]): Explanation | undefined {
  const said = reason(output);
  if (said === undefined) return undefined;
  const [, file, place, words = said] = /^([^:\s]+\.conf)(:\d+): (.*)$/.exec(said) ?? [];
  const row = ROWS.find((each) => each.said.test(words));
  if (!row) return { said, hint: undefined };
  const value = row.said
    .exec(words)
    ?.slice(1)
    .find((group) => group !== undefined);
  const definition = definitions.find((each) => each.name === file || (!file && value && has(each, row.read, value)));
  const read = definition ? row.read.flatMap((key) => allValues(definition, key).map((each) => `${key}=${each}`)) : [];
  const hint = `${read.length > 0 ? `it has ${read.join(", ")}; ` : ""}expected is ${row.expected} (repart.d(5))`;
  return { said: definition ? `${definition.name}${place ?? ""}: ${words}` : said, hint };
}

function has(definition: Definition, keys: readonly string[], value: string): boolean {
  return keys.some((key) => allValues(definition, key).includes(value));
}

/** Names the reason that the line before tells. */
const EMPTY_WORDS = [/^\(\S+\) failed with exit status \d+\.$/, /^\S+:\d+: Failed to parse file: /];

/**
 * What a failed systemd-repart said last of what is wrong.
 */
export function reason(output: readonly string[]): string | undefined {
  const lines = output.map((line) => line.trim()).filter((line) => line !== "");
  const last = lines.findLastIndex((line) => !EMPTY_WORDS.some((words) => words.test(line)));
  const line = lines[last] ?? lines.at(-1);
  return line === undefined ? undefined : withoutFolder(line);
}

/** The folder of definitions is one that only the tools see. */
export function withoutFolder(line: string): string {
  return line.replace(/\/run\/caisson\/definitions\/\d+\//g, "");
}
