import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Blob, Bytes } from "./blob.ts";
import { type Leaf, snippets } from "./comparer.ts";

/** Larger texts, and more lines of a difference, are for other programs to show. */
const MOST_TEXT = 256 << 10;
const MOST_LINES = 24;
const MOST_CHARACTERS = 160;

/** Of two contents with nothing known inside: where they begin to differ, their sizes, and the lines where they are texts. */
export const leaf: Leaf = async ({ a, b }, place, offset, comparer) => {
  const [left, right] = textsOf([a, b], offset);
  const lines = left && right ? await comparer.withFolder((folder) => differingLines(folder, left, right)) : [];
  comparer.report(place, {
    kind: "content",
    what: "content",
    offset,
    ...snippets(left ?? a, right ?? b, offset),
    ...(lines.length > 0 ? { lines } : {}),
  });
  if (a.size !== b.size) comparer.report(place, { kind: "attribute", what: "size", a: `${a.size}`, b: `${b.size}` });

  async function differingLines(folder: string, left: Blob, right: Blob): Promise<string[]> {
    await writeFile(join(folder, "a"), left.read(0, left.size));
    await writeFile(join(folder, "b"), right.read(0, right.size));
    const { stdout } = await comparer.run(["diff", "--unified=1", "--text", "/compare/a", "/compare/b"], {
      binds: [{ source: folder, target: "/compare", readOnly: true }],
      stdout: "capture",
      accept: [0, 1],
    });
    return hunks(stdout);
  }
};

/** The lines of a unified diff without its two of file names and remarks, as many as are read. */
export function hunks(text: string): string[] {
  const all = text
    .trimEnd()
    .split("\n")
    .slice(2)
    .filter((line) => !line.startsWith("\\ "));
  const lines = all.slice(0, MOST_LINES).map((line) => {
    return line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS - 1)}…` : line;
  });
  return all.length > MOST_LINES ? [...lines, `… ${all.length - MOST_LINES} more lines`] : lines;
}

/** None where they are no texts, or do not differ as such. */
function textsOf(blobs: Blob[], offset: number): Blob[] {
  const texts = blobs.flatMap((blob) => textOf(blob) ?? []);
  return texts.length === blobs.length && texts.some(({ size }) => size > offset) ? texts : [];
}

/** The text that a content is, without the zero byte that ends strings of EFI programs. */
function textOf(blob: Blob): Blob | undefined {
  if (blob.size > MOST_TEXT) return undefined;
  const bytes = blob.read(0, blob.size);
  const text = bytes.at(-1) === 0 ? bytes.subarray(0, -1) : bytes;
  return !text.includes(0) && Buffer.from(text.toString("utf8"), "utf8").equals(text) ? new Bytes(text) : undefined;
}
