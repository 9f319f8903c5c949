import { basename, dirname, join } from "node:path";
import { machineFiles } from "../config/machine.ts";
import type { Files } from "../config/values/value-type.ts";

export interface OpenFiles extends Files {
  /** The files that were read so far; without symbolic links. */
  seen: ReadonlySet<string>;
}

/**
 * The file system as an editor has it: `documents` has the text of what is open, by path without symbolic links, saved
 * or not.
 *
 * Nothing is run. That somebody looks at a folder in an editor is no consent to run the programs in it: files such as
 * an executable mkosi.version count as printing nothing, which leaves their setting as it is without them.
 */
export function openFiles(documents: ReadonlyMap<string, string>, files: Files = machineFiles): OpenFiles {
  const seen = new Set<string>();
  const has = (path: string) => documents.has(files.resolve(path));
  const isNew = (path: string) => has(path) && !files.exists(path);
  return {
    ...files,
    seen,
    exists: (path) => files.exists(path) || has(path),
    mode: (path) => (isNew(path) ? 0o600 : files.mode(path)),
    read: (path) => {
      const resolved = files.resolve(path);
      seen.add(resolved);
      return documents.get(resolved) ?? files.read(path);
    },
    run: () => "",
    list: (path) => {
      const added = [...documents.keys()]
        .filter((file) => dirname(file) === path && isNew(file))
        .map((file) => basename(file));
      return added.length === 0 ? files.list(path) : [...new Set([...files.list(path), ...added])].sort();
    },
    identity: (path) => (isNew(path) ? join("/", path) : files.identity(path)),
  };
}
