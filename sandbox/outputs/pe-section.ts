import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { peSections } from "../kernel/pe.ts";

/** Writes the content of a PE file's section, the first of the name, to a file; false where it has none. */
export async function writeSection(file: string, name: string, path: string): Promise<boolean> {
  const section = (await peSections(file)).find((each) => each.name === name);
  if (!section) return false;
  const { offset, size } = section;
  await pipeline(createReadStream(file, { start: offset, end: offset + size - 1 }), createWriteStream(path));
  return true;
}
