import { isAbsolute, join, relative, resolve } from "node:path";
import type { BuildSource, Script, ScriptKind, ScriptsPart } from "../../../sandbox/protocol.ts";
import type { Config, ResolvedImage } from "../../config/index.ts";
import { buildSubdirectory, imageJson } from "../../config/json.ts";
import { type ScriptOptions, scriptEnvironment } from "../script-environment.ts";
import type { Sources } from "../sources.ts";
import type { Delivered, ImageOptions } from "./options.ts";

type ScriptSetting = Extract<keyof Config, `${string}Scripts`>;

/** The setting of each kind of script. */
export const scriptSettings = {
  sync: "SyncScripts",
  prepare: "PrepareScripts",
  build: "BuildScripts",
  postinst: "PostInstallationScripts",
  finalize: "FinalizeScripts",
  postoutput: "PostOutputScripts",
  clean: "CleanScripts",
} as const satisfies Record<ScriptKind, ScriptSetting>;

const kinds = Object.keys(scriptSettings) as ScriptKind[];

export function hasScripts(config: Config): boolean {
  return kinds.some((kind) => config[scriptSettings[kind]].length > 0);
}

/** Nothing for an image without scripts, which then sees none of the user's folders. */
export function scriptsPart(resolved: ResolvedImage, options: ImageOptions): { scripts?: ScriptsPart } {
  const { config, image } = resolved;
  if (!hasScripts(config)) return {};
  const { sources, scripting } = options;
  const listed = kinds.map((kind) => [kind, scriptList(image, kind, config[scriptSettings[kind]], options)] as const);
  const { BuildSubdirectory: buildDirectory } = buildSubdirectory(image, config);
  return {
    scripts: {
      ...scriptView(resolved, { ...options, writable: writesSources(config) }),
      scripts: Object.fromEntries(listed) as ScriptsPart["scripts"],
      arguments: [...scripting.arguments],
      buildPackages: config.BuildPackages,
      buildSourcesEphemeral: config.BuildSourcesEphemeral,
      ...(buildDirectory ? { buildDirectory: sources.writable(`${image}-builddir`, buildDirectory) } : {}),
      withNetwork: config.WithNetwork,
      withTests: config.WithTests,
    },
  };
}

/** Sync and clean scripts write into sources that others see as ephemeral. */
function writesSources({ BuildSourcesEphemeral, SyncScripts, CleanScripts }: Config): boolean {
  return BuildSourcesEphemeral === "no" || SyncScripts.length > 0 || CleanScripts.length > 0;
}

/** What scripts see of the configuration, whatever they are run for. */
export function scriptView(
  resolved: ResolvedImage,
  options: { sources: Sources; scripting: ScriptOptions; delivered: Delivered; writable: boolean },
): Pick<ScriptsPart, "environment" | "settings" | "buildSources"> {
  const { config, image } = resolved;
  const { sources, writable, scripting } = options;
  return {
    environment: scriptEnvironment(resolved, scripting),
    settings: imageJson(resolved),
    buildSources: config.BuildSources.map(({ source, target = "/" }) => ({
      source: sources.add(`${image}-source`, source, writable ? { writable } : {}),
      target,
      ...noSources(source, config, options.delivered),
    })),
  };
}

export function scriptList(
  image: string,
  kind: ScriptKind,
  paths: readonly string[],
  { sources, scripting }: { sources: Sources; scripting: ScriptOptions },
): Script[] {
  return paths.map((path) => ({
    source: sources.add(`${image}-${kind}`, path),
    file: scripting.shown(path),
    inImage: path.endsWith(".chroot") && !["sync", "postoutput", "clean"].includes(kind),
  }));
}

/** What Caisson itself writes below a source, relative to it, and where in it outputs go. */
function noSources(source: string, config: Config, delivered: Delivered): Pick<BuildSource, "ignored" | "outputs"> {
  const { BuildDirectory, CacheDirectory, PackageCacheDirectory, WorkspaceDirectory } = config;
  const folders = [BuildDirectory, CacheDirectory, PackageCacheDirectory, WorkspaceDirectory, ".mkosi-private"];
  const { folder, alone, names } = delivered;
  const paths = [...folders, ...(alone ? [folder] : []), ...names.map((name) => join(folder, name))];
  const ignored = paths.flatMap((path) => (path === undefined ? [] : pathBelow(source, path) || []));
  const outputs = pathBelow(source, folder);
  return { ignored: [...new Set(ignored)].sort(), ...(outputs === undefined ? {} : { outputs }) };
}

/** Relative; undefined where it does not lie there. */
function pathBelow(folder: string, path: string): string | undefined {
  const below = relative(folder, resolve(folder, path));
  return below.startsWith("..") || isAbsolute(below) ? undefined : below;
}
