import { existsSync } from "node:fs";
import { appendFile, cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../../context.ts";
import type { Bind, RunOptions, RunResult } from "../../run.ts";
import { networkConfiguration, proxyBinds } from "./network.ts";
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
  const etc = await configuration(context, folders.index);
  const binds: Bind[] = [
    { source: etc, target: "/etc/apt", readOnly: true },
    { source: join(folders.index, "lists"), target: "/var/lib/apt/lists" },
    { source: join(folders.index, "cache"), target: "/var/cache/apt" },
  ];
  const repository = join(folders.index, "repository");
  if (existsSync(repository)) binds.push({ source: repository, target: REPOSITORY, readOnly: true });
  binds.push(...proxyBinds(context));
  if (folders.archives) binds.push({ source: folders.archives, target: "/var/cache/apt/archives" });
  const environment = { ...context.image.environment, ...APT_ENVIRONMENT };
  const root = folders.root ?? (await emptyTree(context));
  return context.run(words, { ...options, root, rootReadOnly: folders.rootReadOnly ?? false, binds, environment });
}

/** Makes the folders that `AptFolders.index` names. */
export async function makeIndexFolders(index: string): Promise<void> {
  for (const name of ["lists/partial", "cache/archives/partial"]) await mkdir(join(index, name), { recursive: true });
}

/** Where apt sees the user's own packages. */
export const REPOSITORY = "/repository";

/**
 * The folder that apt reads as /etc/apt: what SandboxTrees= have there, with our own over it. `index` says whether there
 * is a repository of the user's packages.
 */
export async function configuration(context: Context, index: string): Promise<string> {
  const local = existsSync(join(index, "repository"));
  const etc = join(context.work, local ? "apt-local" : "apt");
  return context.share(`configuration ${etc}`, () => configure(context, etc, local));
}

async function configure(context: Context, etc: string, local: boolean): Promise<string> {
  await mkdir(etc, { recursive: true });
  const own = context.sandbox && join(context.sandbox.path, "etc/apt");
  if (own && existsSync(own)) await cp(own, etc, { recursive: true });
  for (const name of ["apt.conf.d", "preferences.d", "sources.list.d", "trusted.gpg.d", "auth.conf.d"])
    await mkdir(join(etc, name), { recursive: true });
  await appendFile(join(etc, "apt.conf"), `\n${aptConfiguration(context)}${networkConfiguration(context)}`);
  if (local) await offerLocal(etc);
  await writeFile(join(etc, "sources.list.d", "caisson.sources"), renderSources(context.image.repositories));
  return etc;
}

/** As mkosi does: local packages win over newer ones of repositories (apt_preferences(5)). */
async function offerLocal(etc: string): Promise<void> {
  const source = ["Enabled: yes", "Types: deb", `URIs: file://${REPOSITORY}`, "Suites: ./", "Trusted: yes"];
  await writeFile(join(etc, "sources.list.d/local.sources"), `${source.join("\n")}\n`);
  const preference = ["Package: *", 'Pin: origin ""', "Pin-Priority: 1100"];
  await writeFile(join(etc, "preferences.d/local.pref"), `${preference.join("\n")}\n`);
}

/** A tree in which nothing is installed. */
async function emptyTree(context: Context): Promise<string> {
  const root = join(context.work, "empty-tree");
  await mkdir(join(root, "var/lib/dpkg"), { recursive: true });
  await writeFile(join(root, "var/lib/dpkg/status"), "");
  return root;
}
