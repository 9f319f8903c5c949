import { resolve } from "node:path";
import type { UserError } from "../errors.ts";
import { placeOf, reportIgnored, valueContext, warn } from "./findings.ts";
import type { Assignment } from "./ini.ts";
import type { Loader } from "./loader.ts";
import type { Origin } from "./resolved.ts";
import { findSetting } from "./settings/index.ts";
import type { Setting } from "./settings/setting.ts";
import { expandSpecifiers } from "./specifiers.ts";
import { unknownSetting } from "./unknown.ts";
import { configError } from "./values/value-type.ts";

/** Does one assignment of a file. Undefined where nobody knows the setting. Throws UserError. */
export function assign(assignment: Assignment, directory: string, loader: Loader): Setting | undefined {
  const name = assignment.key.replace(/^@/, "");
  const setting = findSetting(name);
  if (setting === undefined) {
    reportIgnored(loader, unknownSetting(name), assignment);
    return undefined;
  }
  if (isProhibited(setting, loader)) throw prohibited(assignment, setting, loader);
  warnOfNames(assignment, name, setting, loader);
  const { file, line } = assignment;
  const text = expand(assignment, directory, loader);
  const origin: Origin = { kind: "file", file, line, place: placeOf(assignment), text, conditions: loader.conditions };
  loader.values.assign("weak", setting, text, origin, valueContext(setting.name, assignment, directory, loader));
  return setting;
}

/** Whether a setting has no place in this image: one that belongs to the main image, say. */
export function isProhibited(setting: Setting, { values }: Loader): boolean {
  const { image } = values.surroundings;
  if (image === "tools" && !setting.inToolsTree) return true;
  if (image === "main") return false;
  return ["main", "tools", "initrd", "multiversal"].includes(setting.scope) || isUniversalElsewhere(setting, image);
}

function isUniversalElsewhere({ scope }: Setting, image: string): boolean {
  return scope === "universal" && image !== "tools";
}

function prohibited(assignment: Assignment, setting: Setting, { values }: Loader): UserError {
  const { image } = values.surroundings;
  return configError(
    "setting-not-allowed",
    `${assignment.file}:${assignment.line}: ${setting.name}= cannot be set for the image ${image}`,
    "Set it in the main image's configuration",
  );
}

function warnOfNames(assignment: Assignment, name: string, setting: Setting, loader: Loader): void {
  const report = (code: string, message: string) => warn(loader, code, message, assignment);
  if (name !== assignment.key) report("deprecated-name", `the '@' of ${assignment.key} is deprecated`);
  if (name !== setting.name) report("deprecated-name", `${name}= is deprecated, it is ${setting.name}= now`);
  if (assignment.section !== setting.section) {
    report("wrong-section", `${name}= belongs in [${setting.section}], not [${assignment.section}]`);
  }
}

/** The text of an assignment, without specifiers. */
export function expand(assignment: Assignment, directory: string, loader: Loader): string {
  if (!assignment.value.includes("%")) return assignment.value;
  return expandSpecifiers(assignment.value, {
    values: loader.values,
    file: resolve(assignment.file),
    directory,
    warn: (code, message) => warn(loader, code, message, assignment),
  });
}
