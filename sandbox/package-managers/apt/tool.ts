import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../../context.ts";
import type { Bind, RunOptions, RunResult } from "../../run.ts";
import { APT_ENVIRONMENT, aptConfiguration, renderSources } from "./options.ts";

/** The folders that apt works in, on the volume. */
export interface AptFolders {
  /** lists/ and cache/ of one state of the repositories. */
  index: string;
  /** Packages by the names that apt gives them. */
  archives?: string;
  /** Holds var/lib/dpkg/status; an empty tree unless said otherwise. */
  root?: string;
  rootReadOnly?: boolean;
}

/** Runs one of apt's programs with our configuration, the repositories' lists and a tree. */
export async function apt(
  context: Context,
  folders: AptFolders,
  words: string[],
  options: Omit<RunOptions, "root" | "binds"> = {},
): Promise<RunResult> {
  const etc = await configuration(context);
  const binds: Bind[] = [
    { source: etc, target: "/etc/apt", readOnly: true },
    { source: join(folders.index, "lists"), target: "/var/lib/apt/lists" },
    { source: join(folders.index, "cache"), target: "/var/cache/apt" },
  ];
  if (folders.archives) binds.push({ source: folders.archives, target: "/var/cache/apt/archives" });
  const environment = { ...context.image.environment, ...APT_ENVIRONMENT };
  const root = folders.root ?? (await emptyTree(context));
  return context.run(words, { ...options, root, rootReadOnly: folders.rootReadOnly ?? false, binds, environment });
}

/** Makes the folders that `AptFolders.index` names. */
export async function makeIndexFolders(index: string): Promise<void> {
  for (const name of ["lists/partial", "cache/archives/partial"]) await mkdir(join(index, name), { recursive: true });
}

/** The folder that apt reads as /etc/apt. */
export async function configuration(context: Context): Promise<string> {
  const etc = join(context.work, "apt");
  for (const name of ["apt.conf.d", "preferences.d", "sources.list.d", "trusted.gpg.d", "auth.conf.d"])
    await mkdir(join(etc, name), { recursive: true });
  await writeFile(join(etc, "apt.conf"), aptConfiguration(context));
  await writeFile(join(etc, "sources.list.d", "caisson.sources"), renderSources(context.image.repositories));
  return etc;
}

/** A tree in which nothing is installed. */
async function emptyTree(context: Context): Promise<string> {
  const root = join(context.work, "empty-tree");
  await mkdir(join(root, "var/lib/dpkg"), { recursive: true });
  await writeFile(join(root, "var/lib/dpkg/status"), "");
  return root;
}
