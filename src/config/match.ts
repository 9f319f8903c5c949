import { resolve } from "node:path";
import { nativeArchitecture } from "../distributions/architectures.ts";
import type { Assignment, IniSection } from "./ini.ts";
import type { Namespace } from "./namespace.ts";
import { findSetting } from "./settings/index.ts";
import { laterSettings } from "./settings/later.ts";
import { unknownSetting } from "./unknown.ts";
import { configError, type ValueContext } from "./values/value-type.ts";

export interface MatchContext {
  values: Namespace;
  /** What the value of an assignment may refer to. */
  contextOf: (assignment: Assignment) => ValueContext;
  expand: (assignment: Assignment) => string;
}

/**
 * Whether the file applies: every [Match] section holds, and one of the [TriggerMatch] sections where there are any.
 * A section holds when all of its plain conditions do, and one of those after `|` where there are any; `!` negates.
 */
export function matches(sections: readonly IniSection[], context: MatchContext): boolean {
  const holds = (section: IniSection) => sectionHolds(section, context);
  const triggers = sections.filter(({ name }) => name === "TriggerMatch");
  if (!sections.filter(({ name }) => name === "Match").every(holds)) return false;
  return triggers.length === 0 || triggers.some(holds);
}

function sectionHolds(section: IniSection, context: MatchContext): boolean {
  let alternatives: boolean | undefined;
  for (const assignment of section.assignments) {
    const [, bar, not, condition = ""] = /^(\|?)(!?)([\s\S]*)$/.exec(assignment.value) ?? [];
    const result = conditionHolds({ ...assignment, value: condition }, context) !== (not === "!");
    if (bar === "|") alternatives = alternatives === true || result;
    else if (!result) return false;
  }
  return alternatives !== false;
}

function conditionHolds(assignment: Assignment, context: MatchContext): boolean {
  const condition = context.expand(assignment);
  const valueContext = context.contextOf(assignment);
  if (Object.hasOwn(machineConditions, assignment.key)) {
    return machineConditions[assignment.key]?.(condition, valueContext, context.values) === true;
  }
  const setting = findSetting(assignment.key);
  if (setting === undefined) throw unknownCondition(assignment, valueContext);
  if (setting.type.matches === undefined) {
    throw configError(
      "not-matchable",
      `${valueContext.place}: ${assignment.key}= cannot stand in [${assignment.section}]`,
    );
  }
  const value = context.values.get(setting);
  return value !== undefined && setting.type.matches(condition, value, valueContext);
}

/** Conditions on something other than a setting. */
const machineConditions: Record<string, (condition: string, context: ValueContext, values: Namespace) => boolean> = {
  PathExists: (condition, { directory, files }) => condition !== "" && files.exists(resolve(directory, condition)),
  HostArchitecture: (condition, _, { surroundings }) =>
    condition === (surroundings.host.architecture ?? nativeArchitecture()),
  Image: (condition, _, { surroundings }) => condition === surroundings.image,
};

function unknownCondition(assignment: Assignment, { place }: ValueContext): Error {
  const { key, section } = assignment;
  if (key === "SystemdVersion" || Object.hasOwn(laterSettings, key)) {
    return configError(
      "setting-unsupported",
      `${place}: this version of Caisson does not match on ${key}= in [${section}] yet`,
    );
  }
  return unknownSetting(key, place);
}
