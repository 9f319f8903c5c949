import { isDeepStrictEqual } from "node:util";
import type { Assignment, IniSection } from "../config/ini.ts";
import type { Loader } from "../config/loader.ts";
import { readCondition } from "../config/match.ts";
import type { Problem } from "../config/problems.ts";
import { findSetting } from "../config/settings/index.ts";
import { isConditionSection } from "../config/unknown.ts";
import type { BuildableDistribution, Distribution } from "../distributions/distribution.ts";
import { distributions } from "../distributions/index.ts";
import type { ConfigFile } from "./files.ts";
import { finding } from "./findings.ts";
import { expanded, readValue, type Scratch, scratchLoader } from "./scratch.ts";

/** One or several values that a setting must, or must not, have for a file to be read. */
interface Constraint {
  setting: string;
  values: readonly unknown[];
  not: boolean;
  at: Assignment;
}

/** Conditions that can never hold together: within a section, with other sections, with enclosing files. */
export function checkMatches(file: ConfigFile, scratch: Scratch): Problem[] {
  const loader = scratchLoader(file, scratch);
  const always = file.enclosing.flatMap((one, index) => {
    const assigned = file.enclosing.slice(index).flatMap(assignedSettings);
    return constraintsOf(one, sectionsOf(one, "Match"), loader).filter(({ setting }) => !assigned.includes(setting));
  });
  const own = constraintsOf(file, sectionsOf(file, "Match"), loader);
  const triggers = sectionsOf(file, "TriggerMatch").map((section) => constraintsOf(file, [section], loader));
  const problems = contradictions(always, own);
  return [
    ...problems,
    ...(problems.length > 0 ? [] : triggers.flatMap((trigger) => contradictions([...always, ...own], trigger))),
  ];
}

function sectionsOf({ sections }: ConfigFile, name: string): IniSection[] {
  return sections.filter((section) => section.name === name);
}

/** A condition of a file within sees what the files around it set. */
function assignedSettings({ sections }: ConfigFile): string[] {
  const values = sections.filter(({ name }) => !isConditionSection(name));
  return values.flatMap(({ assignments }) => assignments.map(({ key }) => findSetting(key)?.name ?? key));
}

function constraintsOf(file: ConfigFile, sections: readonly IniSection[], loader: Loader): Constraint[] {
  return sections.flatMap(({ assignments }) => {
    const alternatives = assignments.filter(({ value }) => value.startsWith("|"));
    const plain = assignments.filter((assignment) => !alternatives.includes(assignment));
    return [...plain.map((one) => [one]), alternatives].flatMap((group) => constraintOf(group, file, loader));
  });
}

/** One condition, or alternatives that are all about the same setting; nothing for what is more intricate. */
function constraintOf(group: readonly Assignment[], file: ConfigFile, loader: Loader): Constraint[] {
  const at = group.at(-1);
  if (at === undefined) return [];
  const read = group.map((assignment) => {
    const { not, text } = readCondition(assignment.value);
    return { not, value: conditionValue(assignment, text, file, loader), key: nameOf(assignment) };
  });
  const [first] = read;
  if (first === undefined || read.some(({ key, value }) => key !== first.key || value === undefined)) return [];
  if (read.length > 1 && read.some(({ not }) => not)) return [];
  return [{ setting: first.key, values: read.map(({ value }) => value), not: first.not, at }];
}

function nameOf({ key }: Assignment): string {
  return findSetting(key)?.name ?? key;
}

function conditionValue(assignment: Assignment, text: string, file: ConfigFile, loader: Loader): unknown {
  if (["Image", "HostArchitecture"].includes(assignment.key)) return text;
  const row = findSetting(assignment.key);
  if (row === undefined || row.type.collection || text === "") return undefined;
  // Patterns and versions have more than one value that they hold for.
  if (["ImageId", "ImageVersion"].includes(row.name)) return undefined;
  return readValue(expanded({ ...assignment, value: text }, file, loader), assignment, row, file.directory, loader);
}

/** Takes constraints one after another, and says which of `own` leaves no value. */
function contradictions(before: readonly Constraint[], own: readonly Constraint[]): Problem[] {
  const problems: Problem[] = [];
  const taken = [...before];
  for (const constraint of own) {
    const other = taken.find((earlier) => excludes(earlier, constraint)) ?? releaseOfOther(taken, constraint);
    if (other !== undefined) problems.push(contradiction(constraint, other));
    taken.push(constraint);
  }
  return problems;
}

function excludes(a: Constraint, b: Constraint): boolean {
  if (a.setting !== b.setting || (a.not && b.not)) return false;
  const has = ({ values }: Constraint, value: unknown) => values.some((one) => isDeepStrictEqual(one, value));
  if (a.not) return b.values.every((value) => has(a, value));
  if (b.not) return a.values.every((value) => has(b, value));
  return !a.values.some((value) => has(b, value));
}

/** A code name such as `noble` belongs to one distribution alone. */
function releaseOfOther(taken: readonly Constraint[], constraint: Constraint): Constraint | undefined {
  const pairs = taken.flatMap((other) => [
    { distribution: other, release: constraint, other },
    { distribution: constraint, release: other, other },
  ]);
  return pairs.find(({ distribution, release }) => isOther(distribution, release))?.other;
}

function isOther(distribution: Constraint, release: Constraint): boolean {
  if (distribution.setting !== "Distribution" || release.setting !== "Release") return false;
  if (distribution.not || release.not) return false;
  return release.values.every((value) => {
    const owners = Object.values(distributions).filter((one) => releasesOf(one).includes(value));
    return owners.length > 0 && !owners.some(({ name }) => distribution.values.includes(name));
  });
}

function releasesOf(distribution: Distribution | BuildableDistribution): readonly unknown[] {
  return "releases" in distribution ? distribution.releases : [];
}

function contradiction({ at }: Constraint, { at: other }: Constraint): Problem {
  const place = other.file === at.file ? `line ${other.line}` : `${other.file}:${other.line}`;
  const message = `${at.key}=${at.value} can never hold together with ${other.key}=${other.value} in ${place}`;
  return finding("unreachable-match", message, at);
}
