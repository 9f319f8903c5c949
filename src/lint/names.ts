import type { Assignment } from "../config/ini.ts";
import { readCondition } from "../config/match.ts";
import type { Problem } from "../config/problems.ts";
import { describeOrigin } from "../config/resolve.ts";
import type { Origin, ResolvedImage } from "../config/resolved.ts";
import { findSetting, type SettingName, settings } from "../config/settings/index.ts";
import type { Setting } from "../config/settings/setting.ts";
import { isConditionSection } from "../config/unknown.ts";
import { didYouMean } from "../config/values/near.ts";
import type { ConfigFile } from "./files.ts";
import { finding, findingAbout } from "./findings.ts";

/** Names of images and profiles that conditions and settings speak of, but that do not exist. */
export function checkNames(files: readonly ConfigFile[], images: readonly ResolvedImage[]): Problem[] {
  const all = files.flatMap(({ sections }) => sections.flatMap(({ assignments }) => assignments));
  const conditions = all.filter(({ section }) => isConditionSection(section));
  return [...unknownImages(conditions, files, images), ...unknownProfiles(all, conditions, files, images)];
}

function unknownImages(
  conditions: readonly Assignment[],
  files: readonly ConfigFile[],
  images: readonly ResolvedImage[],
): Problem[] {
  const names = ["main", "tools", "default-initrd", ...[...files, ...images].map(({ image }) => image)];
  return conditions.flatMap((condition) => {
    const { text } = readCondition(condition.value);
    if (condition.key !== "Image" || text.includes("%") || names.includes(text)) return [];
    const message = `Image=${condition.value}: there is no image ${text}${didYouMean(text, names)}`;
    return [finding("unknown-image", message, condition)];
  });
}

function unknownProfiles(
  all: readonly Assignment[],
  conditions: readonly Assignment[],
  files: readonly ConfigFile[],
  images: readonly ResolvedImage[],
): Problem[] {
  const isProfiles = ({ key }: Assignment) => findSetting(key)?.name === "Profiles";
  const existing = [...files.flatMap(({ profile }) => profile ?? []), ...builtInProfiles()];
  const asked = conditions.filter(isProfiles).map(({ value }) => readCondition(value).text);
  const chosen = all
    .filter((assignment) => isProfiles(assignment) && !isConditionSection(assignment.section))
    .flatMap(({ value }) => value.split(/[\s,]+/));
  const resolved = images.flatMap(({ config }) => config.Profiles);
  const known = new Set([...existing, ...chosen, ...resolved]);
  const unasked = conditions.filter(isProfiles).flatMap((condition) => {
    const { text } = readCondition(condition.value);
    if (text === "" || text.includes("%") || known.has(text)) return [];
    const message = `Profiles=${condition.value}: there is no profile ${text}${didYouMean(text, existing)}`;
    return [finding("unknown-profile", message, condition)];
  });
  return [...unasked, ...images.flatMap((image) => unknownChoices(image, existing, asked))];
}

function builtInProfiles(): readonly string[] {
  const rows = settings as readonly Setting[];
  const lists = rows.filter(({ name }) => name === "ToolsTreeProfiles" || name === "InitrdProfiles");
  return lists.flatMap(({ type }) => type.words ?? []);
}

/** A profile without files may still be what conditions ask for. */
function unknownChoices(image: ResolvedImage, existing: readonly string[], asked: readonly string[]): Problem[] {
  const unknown = image.config.Profiles.filter((name) => !existing.includes(name) && !asked.includes(name));
  return unknown.flatMap((name) => {
    const message = `Profiles= has ${name}, but there is no such profile${didYouMean(name, existing)}`;
    return ownOrigins(image, "Profiles")
      .filter((origin) =>
        textOf(origin)
          .split(/[\s,=]+/)
          .includes(name),
      )
      .map((origin) => findingAt("unknown-profile", message, origin));
  });
}

function textOf(origin: Origin): string {
  return origin.kind === "file" ? origin.text : origin.kind === "command line" ? origin.raw : "";
}

/** Where a setting was set for this very image. */
export function ownOrigins({ origins }: ResolvedImage, name: SettingName): Origin[] {
  return (origins[name] ?? []).filter(({ kind }) => kind !== "image");
}

export function findingAt(
  code: Parameters<typeof finding>[0],
  message: string,
  origin: Origin,
  hint?: string,
): Problem {
  if (origin.kind === "file") return finding(code, message, origin.place, hint);
  return findingAbout(code, message, describeOrigin(origin), hint);
}
