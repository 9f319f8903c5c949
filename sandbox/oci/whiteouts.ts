/** Names in a layer that say what of the layers below is gone (layer.md, "Whiteouts"). */
import type { BytePath } from "../tree/walk.ts";

const PREFIX = ".wh.";
const OPAQUE = ".wh..wh..opq";

/** Whether a path has a name that no file can have in a layer. */
export function isReserved(path: BytePath): boolean {
  return path.startsWith(PREFIX) || path.includes(`/${PREFIX}`);
}

/** The whiteout of a path. */
export function whiteoutOf(path: BytePath): BytePath {
  const slash = path.lastIndexOf("/") + 1;
  return `${path.slice(0, slash)}${PREFIX}${path.slice(slash)}`;
}

export type Whiteout =
  /** The file or folder of this path is gone. */
  | { kind: "file"; path: BytePath }
  /** All that lower layers have in the folder is gone. */
  | { kind: "opaque"; path: BytePath };

/** What a name in a layer says; undefined for that of a file. */
export function readWhiteout(path: BytePath): Whiteout | undefined {
  const slash = path.lastIndexOf("/") + 1;
  const [folder, name] = [path.slice(0, Math.max(slash - 1, 0)), path.slice(slash)];
  if (name === OPAQUE) return { kind: "opaque", path: folder };
  if (!name.startsWith(PREFIX)) return undefined;
  return { kind: "file", path: `${path.slice(0, slash)}${name.slice(PREFIX.length)}` };
}
