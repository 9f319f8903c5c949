import { access, chmod, constants, stat } from "node:fs/promises";
import type { Config, ResolvedProject } from "../config/index.ts";
import { buildSubdirectory } from "../config/json.ts";
import { machineFiles } from "../config/machine.ts";
import { configError } from "../config/values/value-type.ts";
import { hasScripts } from "../plan/image/scripts.ts";
import type { ScriptOptions } from "../plan/script-environment.ts";
import { makeOwnedDirectory } from "./owned-files.ts";
import type { Owner } from "./owner.ts";
import { shownPath } from "./paths.ts";
import type { VerbContext } from "./verb.ts";

/** What scripts see of this command line. */
export function scriptOptions(context: VerbContext): Omit<ScriptOptions, "caller"> {
  const { line, environment } = context;
  return {
    debug: line.debug,
    arguments: line.verb === "build" ? line.arguments : [],
    environment,
    read: machineFiles.read,
    shown: (path) => shownPath(path),
  };
}

/**
 * Makes scripts executable that are not, where MakeScriptsExecutable= says so. `kinds` are settings by what their scripts
 * are called. Throws UserError `not-executable`.
 */
export async function checkScripts(
  { images }: Pick<ResolvedProject, "images">,
  kinds: Readonly<Record<string, Extract<keyof Config, `${string}Scripts`>>>,
  context: Pick<VerbContext, "onEvent">,
): Promise<void> {
  for (const { config } of images) {
    for (const [kind, setting] of Object.entries(kinds)) {
      for (const path of config[setting]) {
        if (!(await isExecutable(path))) await makeExecutable(path, kind, config.MakeScriptsExecutable, context);
      }
    }
  }
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EACCES") throw error;
    return false;
  }
}

async function makeExecutable(
  path: string,
  kind: string,
  allowed: boolean,
  { onEvent }: Pick<VerbContext, "onEvent">,
): Promise<void> {
  const file = shownPath(path);
  if (!allowed) {
    const hint = `chmod +x ${file}, or set MakeScriptsExecutable=yes in [Build]`;
    throw configError("not-executable", `${file}: the ${kind} script is not executable`, hint);
  }
  await chmod(path, (await stat(path)).mode | 0o100);
  onEvent({ type: "notice", level: "warning", message: `${file} was not executable, and is now` });
}

/** Where build scripts keep what they want to find in the next build, as mkosi lays it out. */
export async function makeBuildDirectories(
  { images }: Pick<ResolvedProject, "images">,
  owner: Owner | undefined,
): Promise<void> {
  for (const { image, config } of images) {
    const { BuildSubdirectory: path } = buildSubdirectory(image, config);
    if (path !== undefined && hasScripts(config)) await makeOwnedDirectory(path, owner);
  }
}
