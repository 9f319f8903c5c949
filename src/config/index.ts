import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { distributions } from "../distributions/index.ts";
import { contextOf, type Loader, loadFolder } from "./load.ts";
import { detectHost, machineFiles } from "./machine.ts";
import { Namespace } from "./namespace.ts";
import { resolveConfig } from "./resolve.ts";
import type { ParsedSetting, ResolvedConfig } from "./resolved.ts";
import { findSetting, settings } from "./settings/index.ts";
import type { Setting, Surroundings } from "./settings/setting.ts";
import { unknownSetting } from "./unknown.ts";
import { configError } from "./values/value-type.ts";

export type { Origin, ParsedSetting, ResolvedConfig } from "./resolved.ts";
export { type Config, type SettingName, settings } from "./settings/index.ts";
export type { Setting } from "./settings/setting.ts";

export interface LoadOptions {
  /** The folder to work in, as the user wrote it; messages name files as paths that start with it. */
  directory: string;
  arguments: readonly ParsedSetting[];
  environment: Readonly<Record<string, string | undefined>>;
  /** What machine this is; for tests. */
  host?: Surroundings["host"];
}

/**
 * Reads the configuration of `directory`, or of its folder `mkosi` where that is where mkosi.conf is, with the command
 * line over it. Throws UserError with exit code 2 for anything wrong in it.
 */
export async function loadConfig(options: LoadOptions): Promise<ResolvedConfig> {
  if (!machineFiles.isDirectory(resolve(options.directory))) {
    throw configError("directory-not-found", `The directory ${options.directory} does not exist`);
  }
  const folder = configurationFolder(options.directory);
  const host = options.host ?? detectHost(options.environment);
  const loader = newLoader(options.directory, "main", host, options.environment);
  applyCommandLine(options.arguments, loader);
  loadFolder(folder, loader, { local: true });
  const main = resolveConfig(loader.values);
  const defaultInitrd = loadDefaultInitrd(loader, host);
  return { ...main, directory: folder, files: loader.read, warnings: loader.warnings, defaultInitrd };
}

/** Configuration may lie in a folder of its own within a project. */
function configurationFolder(directory: string): string {
  const folder = resolve(directory);
  const own = join(folder, "mkosi");
  const isOwn = !machineFiles.exists(join(folder, "mkosi.conf")) && machineFiles.exists(join(own, "mkosi.conf"));
  return isOwn ? own : folder;
}

function newLoader(
  directory: string,
  image: string,
  host: Surroundings["host"],
  environment: LoadOptions["environment"],
): Loader {
  const values = new Namespace({ image, host, environment });
  return { values, files: machineFiles, environment, directory, read: [], warnings: [] };
}

function applyCommandLine(assignments: readonly ParsedSetting[], loader: Loader): void {
  for (const { name, value, raw } of assignments) {
    const setting = findSetting(name);
    if (setting === undefined) throw unknownSetting(name, raw);
    const context = contextOf(setting.name, raw, resolve(loader.directory), loader);
    loader.values.assign("strong", setting, value, { kind: "command line", raw }, context);
  }
}

/** The built-in configuration of the default initrd, under what the main image hands down to it. */
function loadDefaultInitrd(main: Loader, host: Surroundings["host"]): ResolvedConfig {
  const folder = builtInFolder("initrd");
  const loader = newLoader(folder, "default-initrd", host, main.environment);
  for (const setting of settings) handDown(setting, main.values, loader.values);
  loadFolder(folder, loader, { local: false });
  return { ...resolveConfig(loader.values), directory: folder, files: loader.read, warnings: loader.warnings };
}

function handDown(setting: Setting, main: Namespace, initrd: Namespace): void {
  const origins = [{ kind: "image", image: "main" }] as const;
  const value = main.get(setting);
  if (value === undefined) return;
  if (setting.scope === "universal" || setting.scope === "multiversal")
    initrd.put("strong", setting, value, [...origins]);
  if (setting.scope === "inherit" || setting.scope === "initrd-inherit")
    initrd.put("weak", setting, value, [...origins]);
  if (setting.scope !== "initrd") return;
  const target = findSetting(setting.name.replace(/^Initrd/, ""));
  if (target === undefined) throw new Error(`${setting.name} has the scope initrd, but names no other setting`);
  const layer = main.has("strong", setting) ? "strong" : "weak";
  if (main.has("strong", setting) || main.has("weak", setting)) initrd.put(layer, target, value, [...origins]);
}

/** A folder of tools-images/, beside src/ in the repository and beside dist/ in the package. */
function builtInFolder(name: string): string {
  const found = ["../../tools-images", "../tools-images"]
    .map((path) => fileURLToPath(new URL(`${path}/${name}`, import.meta.url)))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error(`tools-images/${name} is missing from this installation`);
  return found;
}

/** The row of the distribution that a resolved configuration is for. */
export function distributionOf({ config, image }: ResolvedConfig): (typeof distributions)[keyof typeof distributions] {
  if (config.Distribution === undefined) throw new Error(`image ${image} was resolved without a distribution`);
  return distributions[config.Distribution];
}
