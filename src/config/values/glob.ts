import { join, resolve } from "node:path";
import type { Files } from "./value-type.ts";

/** The shell patterns `*`, `?` and `[…]` over a whole text; `*` crosses slashes, as fnmatch(3) without flags. */
export function globToRegExp(glob: string): RegExp {
  const source = glob.replace(/\[(!?)(\]?[^\]]*)\]|[\s\S]/g, (token, negated?: string, set?: string) => {
    if (set !== undefined && set !== "") return characterSet(negated === "!", set);
    if (token === "*") return "[\\s\\S]*";
    return token === "?" ? "[\\s\\S]" : token.replace(/[\\^$.|+()[\]{}/-]/g, "\\$&");
  });
  return new RegExp(`^${source}$`);
}

/** A range that runs backwards, such as `z-a`, holds nothing. */
function characterSet(isNegated: boolean, set: string): string {
  const members = set.replace(/([\s\S])-([\s\S])/g, (range, from, to) => (from > to ? "" : range));
  return `[${isNegated ? "^" : ""}${members.replace(/[\\^[\]]/g, "\\$&")}]`;
}

/**
 * The paths that a pattern finds, relative to `directory` if the pattern is, sorted. Each part of the path is a
 * pattern of its own; hidden files are found only by a part that starts with a dot.
 */
export function findFiles(pattern: string, directory: string, files: Files): string[] {
  let found = [pattern.startsWith("/") ? "/" : ""];
  for (const part of pattern.split("/").filter((name) => name !== "")) {
    found = found.flatMap((parent) =>
      namesOf(part, resolve(directory, parent), files).map((name) => join(parent, name)),
    );
  }
  return found.filter((path) => !pattern.endsWith("/") || files.isDirectory(resolve(directory, path))).sort();
}

function namesOf(part: string, folder: string, files: Files): string[] {
  if (!/[*?[]/.test(part)) return files.exists(join(folder, part)) ? [part] : [];
  const expression = globToRegExp(part);
  return files.list(folder).filter((name) => (part.startsWith(".") || !name.startsWith(".")) && expression.test(name));
}
