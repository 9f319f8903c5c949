import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readOsRelease } from "../tree/os-release.ts";

/** Fields of os-release(5) by specifier (repart.d(5), "Specifiers"). */
const FIELDS: Readonly<Record<string, string>> = {
  A: "IMAGE_VERSION",
  B: "BUILD_ID",
  M: "IMAGE_ID",
  o: "ID",
  w: "VERSION_ID",
  W: "VARIANT_ID",
};

/** Expands the specifiers of a tree; undefined for a text with one that this program does not know. */
export function specifiersOf(root: string): (text: string) => string | undefined {
  const file = join(root, "usr/lib/os-release");
  const fields = existsSync(file) ? readOsRelease(readFileSync(file, "utf8")) : {};
  return (text) => {
    const letters = [...text.matchAll(/%(.)/g)].map(([, letter = ""]) => letter);
    if (!letters.every((letter) => letter === "%" || letter in FIELDS)) return undefined;
    return text.replace(/%(.)/g, (_, letter: string) => (letter === "%" ? "%" : (fields[FIELDS[letter] ?? ""] ?? "")));
  };
}
