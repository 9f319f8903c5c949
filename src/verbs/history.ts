import { readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type CommandLineJson, commandLineJson, configurationFolder, type ParsedSetting } from "../config/index.ts";
import { findSetting } from "../config/settings/index.ts";
import { configError } from "../config/values/value-type.ts";
import type { UserError } from "../errors.ts";
import { makeOwnedDirectory, writeWhole } from "./owned-files.ts";
import { outputOwner } from "./owner.ts";
import { shownPath } from "./paths.ts";
import type { VerbContext } from "./verb.ts";

/** Of a command line that builds nothing: what an earlier one said, and what is left of this one. */
export interface Recalled {
  arguments: readonly ParsedSetting[];
  earlier: CommandLineJson;
}

/** Verbs that take the command line as it is. */
const anew: readonly string[] = ["build", "clean"];

/**
 * The settings of the last build that had History=yes, for verbs that use what it built. Undefined where there are none,
 * and where the verb builds anew. Throws UserError `invalid-history`.
 */
export async function recall(context: VerbContext): Promise<Recalled | undefined> {
  const { line, environment, onEvent } = context;
  const file = historyFile(line.directory);
  const buildsAnew = anew.includes(line.verb) && !line.options.rerunBuildScripts;
  if (file === undefined || line.force > 0 || buildsAnew) return undefined;
  const earlier = await readHistory(file);
  if (earlier === undefined) return undefined;
  const own = commandLineJson({ directory: line.directory, arguments: line.settings, environment });
  for (const name of Object.keys(own)) {
    if (!Object.hasOwn(earlier, name) || isDeepStrictEqual(own[name], earlier[name])) continue;
    const option = findSetting(name)?.long ?? name;
    const message = `${option} is ignored: the image was built with another value. Build it again with -f`;
    onEvent({ type: "notice", level: "warning", message });
  }
  const rest = line.settings.filter(({ name }) => !Object.hasOwn(earlier, findSetting(name)?.addsTo ?? name));
  return { arguments: rest, earlier };
}

/** Keeps the settings of this command line, as they were given. */
export async function remember(context: VerbContext): Promise<void> {
  const { line, environment } = context;
  const file = historyFile(line.directory);
  if (file === undefined) return;
  const json = commandLineJson({ directory: line.directory, arguments: line.settings, environment });
  const sorted = Object.fromEntries(Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1)));
  const owner = outputOwner(context);
  await makeOwnedDirectory(dirname(file), owner);
  // Passwords may be among them.
  await writeWhole(file, `${JSON.stringify(sorted, undefined, 4)}\n`, { mode: 0o600, owner });
}

export async function forget({ line }: Pick<VerbContext, "line">): Promise<void> {
  const file = historyFile(line.directory);
  if (file !== undefined) await rm(dirname(file), { recursive: true, force: true });
}

/** Undefined where no folder is read. */
function historyFile(directory: string): string | undefined {
  const folder = configurationFolder(directory);
  return folder === undefined ? undefined : join(folder, ".mkosi-private", "history", "latest.json");
}

async function readHistory(file: string): Promise<CommandLineJson | undefined> {
  const text = await readText(file);
  return text === undefined ? undefined : (await import("./history-file.ts")).readHistoryFile(text, file);
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw invalidHistory(file, `cannot be read: ${message}`);
  }
}

export function invalidHistory(file: string, problem: string): UserError {
  const hint = "Build again with -f, which writes it anew, or remove it";
  return configError("invalid-history", `${shownPath(file)}: ${problem}`, hint);
}
