import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { nearest } from "../cli/suggest.ts";
import { type Origin, type ResolvedImage, type ResolvedProject, type Setting, settings } from "../config/index.ts";
import { type Problem, problemText } from "../config/problems.ts";
import { defaultOf, describeOrigin } from "../config/resolve.ts";
import type { SettingName } from "../config/settings/index.ts";
import { orList } from "../config/values/enumeration.ts";
import { configError, shorten } from "../config/values/value-type.ts";
import { buildable, distributions, isBuildable } from "../distributions/index.ts";
import { packageRoot } from "../tools/root.ts";
import { isEarlierOutput } from "./outputs.ts";

/** A build without these is no build, so that Ignore= cannot pass over them. */
const essential: readonly string[] = ["Distribution", "Format"];

/** What an image is wanted for: [Runtime] concerns those alone who start it. */
export type Purpose = "build" | "run";

/**
 * Refuses what a build would pass over: settings that Caisson only reads, and what `project.problems` has as ignored.
 * `ignored` are names of settings and codes of problems to let through.
 * Throws UserError `not-built-yet`, `distribution-not-buildable`, `unknown-release`, `architecture-unsupported`.
 */
export function refuseUnbuilt(project: ResolvedProject, ignored: readonly string[], purpose: Purpose): void {
  const settings = project.images
    .flatMap((image) => unbuiltSettings(image, project.workingDirectory, ignored))
    .filter(({ setting }) => purpose === "run" || !concernsRunning(setting))
    .map(({ setting, origin }) => lineOf(setting, origin));
  const problems = project.problems.filter((problem) => isRefused(problem, project, ignored));
  if (settings.length > 0 || problems.length > 0) throw refusal(settings, problems);
  for (const image of project.images) checkDistribution(image, ignored);
}

/** What is not there yet may be an image's output. */
function isRefused(
  { severity, code, missing }: Problem,
  project: ResolvedProject,
  ignored: readonly string[],
): boolean {
  if (severity !== "ignored" || ignored.includes(code)) return false;
  return missing === undefined || !isEarlierOutput(missing, project.main.image, project);
}

/** One error for all of it, with the code of the first where all are problems of the configuration itself. */
function refusal(settings: readonly string[], problems: readonly Problem[]) {
  const lines = new Set([...settings, ...problems.map(problemText)]);
  const [first] = problems;
  const ignore = "To build without it, name it: --ignore=NAME, or Ignore= in [X-Caisson], with settings or codes";
  if (settings.length > 0 || first === undefined) return configError("not-built-yet", [...lines].join("\n"), ignore);
  const passOver = `To build all the same: --ignore=${first.code}`;
  const hint = first.hint === undefined ? passOver : `${first.hint}\n${passOver}`;
  return configError(first.code, [...lines].join("\n"), hint);
}

/** A build copies the file of NSpawnSettings= beside its output. */
function concernsRunning(name: SettingName): boolean {
  return settings.find((row) => row.name === name)?.section === "Runtime" && name !== "NSpawnSettings";
}

/** Settings of an image that have a value that a build does not do, at each place that has a part in it. */
export function unbuiltSettings(
  image: ResolvedImage,
  workingDirectory: string,
  ignored: readonly string[],
): { setting: SettingName; origin: Origin }[] {
  return (settings as readonly Setting[]).flatMap((row) => {
    const name = row.name as SettingName;
    if (row.isBuilt(image.config[name])) return [];
    const isEssential = essential.includes(name);
    const own = (image.origins[name] ?? []).filter((origin) => isEssential || isUsers(origin));
    const passed = ignored.includes(name) && !isEssential;
    if (own.length === 0 || passed) return [];
    if (isDefault(row, image, workingDirectory)) return [];
    return own.map((origin) => ({ setting: name, origin }));
  });
}

function lineOf(name: string, origin: Origin): string {
  if (origin.kind !== "file") return `${describeOrigin(origin)}: ${name}= is read, but not built yet`;
  return `${describeOrigin(origin)}: ${name}=${shorten(origin.text, 60)} is read, but not built yet`;
}

/** What is handed down from another image is told there; what Caisson's own files say is not for the user to mend. */
function isUsers(origin: Origin): boolean {
  if (origin.kind === "image") return false;
  return origin.kind !== "file" || !resolve(origin.file).startsWith(join(packageRoot(), "tools-images/"));
}

/** Set to what it is when nobody sets it. Defaults that depend on the machine have all of their values built. */
function isDefault(row: Setting, image: ResolvedImage, workingDirectory: string): boolean {
  const fallback = defaultOf(row, image, workingDirectory);
  const candidates = [fallback, row.type.empty, undefined];
  return candidates.some((candidate) => isDeepStrictEqual(image.config[row.name as SettingName], candidate));
}

function checkDistribution({ config, origins }: ResolvedImage, ignored: readonly string[]): void {
  const { Architecture: architecture, Release: release } = config;
  const distribution = distributions[config.Distribution];
  const { prettyName, architectures } = distribution;
  if (!isBuildable(distribution)) {
    throw configError(
      "distribution-not-buildable",
      `Distribution= is ${distribution.name}, but Caisson builds ${orList(Object.keys(buildable))}`,
      "Set Distribution= and Release= in [Distribution] of mkosi.conf, or use --distribution and --release",
    );
  }
  const { releases } = distribution;
  if (!releases.includes(release) && !passes(ignored, "Release", "unknown-release")) {
    const guess = nearest(release, releases);
    const meant = guess === undefined ? "" : `; did you mean ${guess}?`;
    const place = placeOf(origins.Release);
    throw configError("unknown-release", `${place}Release=${release}: ${prettyName} has ${orList(releases)}${meant}`);
  }
  if (!Object.hasOwn(architectures, architecture)) {
    const place = placeOf(origins.Architecture);
    const known = orList(Object.keys(architectures));
    throw configError("architecture-unsupported", `${place}Architecture=${architecture}: ${prettyName} has ${known}`);
  }
}

function passes(ignored: readonly string[], ...names: string[]): boolean {
  return names.some((name) => ignored.includes(name));
}

function placeOf(origins: readonly Origin[] | undefined): string {
  const origin = origins?.at(-1);
  return origin === undefined ? "" : `${describeOrigin(origin)}: `;
}
