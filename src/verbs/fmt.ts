import { chmod, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { ExitCode } from "../../sandbox/exit-code.ts";
import { shownPath } from "./paths.ts";
import type { RunVerb } from "./verb.ts";

/** What has to be written anew. */
interface Change {
  /** Without symbolic links; absolute. */
  path: string;
  text: string;
}

/**
 * Writes configuration files in the canonical layout: the files and folders given, or all those of the project. Its
 * result names those that changed; with --check they stay, and the exit code is 1 where there are any.
 *
 * Throws UserError with exit code 2 for a file that cannot be read; nothing is written then.
 */
export const fmt: RunVerb = async ({ line }) => {
  const { machineFiles } = await import("../config/machine.ts");
  const paths = (line.arguments.length === 0 ? ["."] : line.arguments).map((path) => resolve(line.directory, path));
  const files = paths.flatMap((path) =>
    machineFiles.isDirectory(path) ? configurationFiles(path, machineFiles) : path,
  );
  const changes = await changesOf([...new Set(files.map(machineFiles.resolve))], machineFiles.read);
  if (!line.options.check) for (const change of changes) await replace(change);
  const changed = changes.map(({ path }) => shownPath(path));
  return {
    text: changed.map((path) => `${path}\n`).join(""),
    data: { changed },
    exitCode: line.options.check && changed.length > 0 ? ExitCode.failed : ExitCode.done,
  };
};

async function changesOf(paths: readonly string[], read: (path: string) => string): Promise<Change[]> {
  const { formatIni } = await import("../config/format.ts");
  const { parseIni } = await import("../config/ini.ts");
  return paths.flatMap((path) => {
    const before = read(path);
    parseIni(before, shownPath(path));
    const text = formatIni(before);
    return text === before ? [] : [{ path, text }];
  });
}

type Folders = Pick<typeof import("../config/machine.ts").machineFiles, "exists" | "isDirectory" | "list" | "resolve">;

/** Files of a folder of configuration, or those that are a folder of the same kind in turn. */
const ownEntries = ["mkosi.conf", "mkosi.local.conf", "mkosi.tools.conf", "mkosi.initrd.conf", "mkosi.local", "mkosi"];
/** Folders whose files with the ending `.conf` and whose folders are configuration. */
const collections = ["mkosi.conf.d", "mkosi.profiles", "mkosi.images"];

/** Every configuration file that belongs to `folder`, whatever its conditions; absolute. A folder counts once. */
export function configurationFiles(folder: string, files: Folders, seen = new Set<string>()): string[] {
  const identity = files.resolve(folder);
  if (seen.has(identity)) return [];
  seen.add(identity);
  const isCollection = collections.includes(basename(folder));
  const entries = isCollection ? files.list(folder) : [...ownEntries, ...collections];
  return entries.flatMap((name) => {
    const path = join(folder, name);
    if (files.isDirectory(path)) return configurationFiles(path, files, seen);
    return name.endsWith(".conf") && files.exists(path) ? [path] : [];
  });
}

/** Whoever reads the file sees the old text or the new one. */
async function replace({ path, text }: Change): Promise<void> {
  const { mode } = await stat(path);
  const aside = join(dirname(path), `.${basename(path)}.${process.pid}`);
  try {
    await writeFile(aside, text, { flag: "wx" });
    await chmod(aside, mode & 0o7777);
    await rename(aside, path);
  } finally {
    await rm(aside, { force: true });
  }
}
