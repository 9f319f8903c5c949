import { relative } from "node:path";

/** A path as the user would write it from where they are. */
export function shownPath(path: string, from = process.cwd()): string {
  const below = relative(from, path);
  return below.startsWith("..") ? path : below;
}
