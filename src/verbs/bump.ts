import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { configurationFolder, type ResolvedProject } from "../config/index.ts";
import { machineFiles } from "../config/machine.ts";
import { configError } from "../config/values/value-type.ts";
import { CommandError, run } from "../process/spawn.ts";
import { readConfiguration } from "./configuration.ts";
import { type Recalled, recall } from "./history.ts";
import { writeWhole } from "./owned-files.ts";
import { outputOwner } from "./owner.ts";
import { shownPath } from "./paths.ts";
import type { VerbContext, VerbResult } from "./verb.ts";

/** Raises the image's version in mkosi.version, and prints it. */
export async function bump(context: VerbContext): Promise<VerbResult> {
  const recalled = await recall(context);
  const raised = await raisedVersion(context, recalled);
  const version = await writeVersion(await readConfiguration(context, { recalled, raised }), context);
  return { text: `${version}\n`, data: { version } };
}

/**
 * The version after the one in mkosi.version: what mkosi.bump prints, else with the last component raised. Undefined
 * where the command line names one. Throws UserError `version-not-writable`, `bump-failed`.
 */
export async function raisedVersion(context: VerbContext, recalled: Recalled | undefined): Promise<string | undefined> {
  const isGiven = context.line.settings.some(({ name }) => name === "ImageVersion");
  if (isGiven || Object.hasOwn(recalled?.earlier ?? {}, "ImageVersion")) return undefined;
  const folder = versionFolder(context);
  const file = join(folder, "mkosi.version");
  const old = await readVersion(file);
  const script = join(folder, "mkosi.bump");
  const raised = machineFiles.exists(script) ? await runBump(script, context) : nextVersion(old, context);
  context.onEvent({ type: "notice", level: "info", message: `Version ${old ?? "none"} becomes ${raised}` });
  return raised;
}

/** Writes the image's version to mkosi.version, without a line feed as the reference does, and gives it back. */
export async function writeVersion({ main }: ResolvedProject, context: VerbContext): Promise<string> {
  const version = main.config.ImageVersion;
  if (version === undefined) throw new Error("an image without a version was to keep its version");
  const file = join(versionFolder(context), "mkosi.version");
  await writeWhole(file, version, { mode: 0o644, owner: outputOwner(context) });
  return version;
}

/** `1.9` becomes `1.10`; a last component that is no number gets another one. */
export function nextVersion(version: string | undefined, { onEvent }: Pick<VerbContext, "onEvent">): string {
  if (version === undefined || version === "") return "1";
  const components = version.split(".");
  const last = components.at(-1) ?? "";
  if (/^\d+$/.test(last)) return [...components.slice(0, -1), String(BigInt(last) + 1n)].join(".");
  const message = `The version ${version} does not end with a number: '.2' is added`;
  onEvent({ type: "notice", level: "warning", message });
  return `${version}.2`;
}

function versionFolder({ line }: VerbContext): string {
  const folder = configurationFolder(line.directory);
  if (folder !== undefined) return folder;
  throw configError("no-directory", "mkosi.version cannot be written without a folder: -C is empty");
}

async function readVersion(file: string): Promise<string | undefined> {
  if (!machineFiles.exists(file)) return undefined;
  if (((await stat(file)).mode & 0o111) === 0) return machineFiles.read(file).trim();
  const message = `${shownPath(file)}: is executable, and what it prints cannot be raised`;
  throw configError("version-not-writable", message, `chmod -x ${shownPath(file)}, or let it print the next version`);
}

async function runBump(script: string, { line, environment, interrupts }: VerbContext): Promise<string> {
  const file = shownPath(script);
  try {
    const directory = resolve(line.directory);
    const version = (await run(script, [], { environment, directory, signal: interrupts.cancel })).trim();
    if (version !== "") return version;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw configError("bump-failed", `${file}: was run for the next version, and failed: ${error.message}`);
  }
  throw configError("bump-failed", `${file}: was run for the next version, and printed nothing`);
}
