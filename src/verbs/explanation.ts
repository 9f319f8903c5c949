import { resolve } from "node:path";
import type { Reader } from "../config/findings.ts";
import type { Origin, ResolvedImage, ResolvedProject } from "../config/index.ts";
import { defaultOf, describeOrigin } from "../config/resolve.ts";
import type { Condition, Skipped } from "../config/resolved.ts";
import { type Config, findSetting, type SettingName } from "../config/settings/index.ts";
import type { Setting } from "../config/settings/setting.ts";
import { isConditionSection } from "../config/unknown.ts";
import { showValue } from "../config/values/show.ts";
import { type ConfigFile, configFiles, isBuiltIn } from "../lint/files.ts";

/** Where the value of a setting of one image comes from. */
export interface Explanation {
  setting: string;
  image: string;
  /** As people read it, one line per item; empty where it is not set. */
  value: string[];
  isDefault: boolean;
  /** In words where it is computed. */
  default: string;
  /** In the order read. */
  assignments: Step[];
  /** Where the value was handed down from. */
  handedDown: { image: string; from: string[] }[];
  /** Assignments that were not read, and the condition that did not hold. */
  passedOver: Missed[];
}

export interface Step {
  where: string;
  /** The text of the assignment; absent where a file's existence is the assignment. */
  text?: string;
  /** `counts` in the value as it is, `resets` what was before, or is `overridden` by what was read elsewhere. */
  effect: "counts" | "resets" | "overridden";
  /** What let the file in. */
  conditions: Place[];
}

export interface Missed {
  where: string;
  text: string;
  because: Place;
}

/** `text` is the condition. */
interface Place {
  where?: string;
  text: string;
}

/** The history of one setting of an image of `project`. */
export function explanationOf(
  row: Setting,
  image: ResolvedImage,
  project: ResolvedProject,
  reader: Reader,
): Explanation {
  const origins = image.origins[row.name as SettingName] ?? [];
  const value = image.config[row.name as keyof Config];
  const own = image.assignments.filter(({ setting }) => setting === row.name);
  return {
    setting: row.name,
    image: image.image,
    value: row.secret && value !== undefined ? ["(set)"] : showValue(row.type, value),
    isDefault: origins.length === 0,
    default: row.defaultText ?? defaultText(row, image, project),
    assignments: own.map(({ origin, isReset }) => ({
      where: describeOrigin(origin),
      ...textOf(origin, row),
      effect: isReset ? "resets" : origins.includes(origin) ? "counts" : "overridden",
      conditions: conditionsOf(origin),
    })),
    handedDown: origins.flatMap((origin) =>
      origin.kind === "image" ? [{ image: origin.image, from: origin.from.map(describeOrigin) }] : [],
    ),
    passedOver: passedOver(row, image, project, reader),
  };
}

function defaultText(row: Setting, image: ResolvedImage, { workingDirectory }: ResolvedProject): string {
  return showValue(row.type, defaultOf(row, image, workingDirectory)).join(", ") || "not set";
}

function textOf(origin: Origin, { secret }: Setting): { text?: string } {
  if (origin.kind !== "file") return {};
  return { text: secret ? "(set)" : origin.text };
}

function conditionsOf(origin: Origin): Place[] {
  return origin.kind === "file" || origin.kind === "default file" ? origin.conditions.map(placeOf) : [];
}

function placeOf({ place, text }: Condition): Place {
  return { where: `${place.file}:${place.line}`, text };
}

function passedOver(row: Setting, image: ResolvedImage, project: ResolvedProject, reader: Reader): Missed[] {
  const { files } = configFiles(project.directory, [image], reader);
  return files
    .filter((file) => file.image === image.image && !image.files.includes(file.path) && !isBuiltIn(file.path))
    .flatMap((file) => {
      const because = reasonOf(file, image);
      return because === undefined ? [] : assignmentsOf(row, file).map((found) => ({ ...found, because }));
    });
}

/** The condition that kept it out, or one that kept out what it is a part of. */
function reasonOf(file: ConfigFile, image: ResolvedImage): Place | undefined {
  const isOf = ({ file: name }: Skipped, { path }: ConfigFile) => resolve(name) === path;
  for (const one of [...file.enclosing, file]) {
    const skipped = image.skipped.find((candidate) => isOf(candidate, one));
    if (skipped !== undefined) return placeOf(skipped.condition);
  }
  const { profile } = file;
  if (profile === undefined || image.config.Profiles.includes(profile)) return undefined;
  return { text: `the profile ${profile} is not chosen` };
}

function assignmentsOf(row: Setting, file: ConfigFile): { where: string; text: string }[] {
  const sections = file.sections.filter(({ name }) => !isConditionSection(name));
  return sections.flatMap(({ assignments }) =>
    assignments.flatMap(({ key, value, line }) => {
      const found = findSetting(key.replace(/^@/, ""));
      if (found === undefined || (found.addsTo ?? found.name) !== row.name) return [];
      return [{ where: `${file.shown}:${line}`, text: row.secret ? "(set)" : value }];
    }),
  );
}
