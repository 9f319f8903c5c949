import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";

/** A file of a tree that need not be there; then an empty text. */
export async function readOptional(file: string): Promise<string> {
  return existsSync(file) ? readFile(file, "utf8") : "";
}
