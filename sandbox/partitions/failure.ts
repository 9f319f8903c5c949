import { BuildError, ToolError } from "../errors.ts";
import type { TreeEntry } from "../tree/entries.ts";
import { type Definition, lastValue } from "./definitions.ts";
import { mebibytes } from "./sizes.ts";

/** A filesystem that is being made. */
interface Content {
  definition: Definition;
  format: string;
  /** Bytes that the partition has for it; undefined where its size follows from its content. */
  size: number | undefined;
  content: readonly TreeEntry[];
}

/** What a tool said, with the definition of the filesystem, what was read there, and how to mend it. */
export async function namedFailure(image: string, about: Content, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const { definition, format } = about;
    const said = reasonOf(error.output) ?? error.message;
    const what = `${image}: ${definition.name}: the ${format} filesystem cannot be made: ${said.trim()}`;
    throw new BuildError("partitions-failed", what, {
      hint: sizeHint(about),
      command: error.command,
      tail: error.tail,
      cause: error,
    });
  }
}

/** A tool's last words, or those before that say that a filesystem is full: mke2fs(8) ends with another error then. */
function reasonOf(output: readonly string[]): string | undefined {
  const full = output.findLast((line) => /could not allocate|disk full|no space left/i.test(line));
  return full ?? output.findLast((line) => line.trim() !== "");
}

/** Where the files alone nearly fill a partition, that is it; what the filesystem itself takes is not known here. */
function sizeHint({ definition, size, content }: Content): string {
  const files = content.reduce((sum, entry) => sum + (entry.linkTo === undefined ? entry.size : 0), 0);
  const read = ["SizeMinBytes", "SizeMaxBytes", "Minimize"].flatMap((key) => {
    const value = lastValue(definition, key);
    return value === undefined ? [] : [`${key}=${value}`];
  });
  const has = read.length > 0 ? `it has ${read.join(", ")}; ` : "";
  if (size === undefined || files < size * 0.75) return `${has}see repart.d(5): a size may be too small`;
  return `${has}the partition has ${mebibytes(size)}, and its files have ${mebibytes(files)}: raise SizeMinBytes= and SizeMaxBytes=, or copy less (repart.d(5))`;
}
