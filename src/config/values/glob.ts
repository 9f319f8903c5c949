import { join } from "node:path";
import type { Files } from "./value-type.ts";

/** The shell patterns `*`, `?` and `[…]` over a whole text; `*` crosses slashes, as fnmatch(3) without flags. */
export function globToRegExp(glob: string): RegExp {
  const source = glob.replace(
    /\[(!?)(\]?[^\]]*)\]|[\s\S]/g,
    (token, negated: string | undefined, set: string | undefined) => {
      if (set !== undefined && set !== "") return `[${negated === "!" ? "^" : ""}${set.replace(/[\\^[\]]/g, "\\$&")}]`;
      if (token === "*") return "[\\s\\S]*";
      return token === "?" ? "[\\s\\S]" : token.replace(/[\\^$.|+()[\]{}/-]/g, "\\$&");
    },
  );
  return new RegExp(`^${source}$`);
}

/**
 * The paths below `directory` that a pattern finds, written as the pattern is, sorted. Each part of the path is a
 * pattern of its own; hidden files are found only by a pattern that starts with a dot.
 */
export function findFiles(pattern: string, directory: string, files: Files): string[] {
  let found = [pattern.startsWith("/") ? "/" : ""];
  for (const part of pattern.split("/").filter((name) => name !== "")) {
    found = found.flatMap((parent) =>
      namesOf(part, join(directory, at(parent)), files).map((name) => (parent === "" ? name : join(parent, name))),
    );
  }
  return found.sort();

  function at(parent: string): string {
    return parent;
  }
}

function namesOf(part: string, folder: string, files: Files): string[] {
  if (!/[*?[]/.test(part)) return files.exists(join(folder, part)) ? [part] : [];
  const expression = globToRegExp(part);
  return files.list(folder).filter((name) => (part.startsWith(".") || !name.startsWith(".")) && expression.test(name));
}
