import { resolve } from "node:path";
import { nativeArchitecture } from "../distributions/architectures.ts";
import type { Assignment, IniSection } from "./ini.ts";
import type { Namespace } from "./namespace.ts";
import type { Condition } from "./resolved.ts";
import { findSetting } from "./settings/index.ts";
import type { Setting } from "./settings/setting.ts";
import { systemdVersion } from "./systemd-version.ts";
import { unknownCondition } from "./unknown.ts";
import { configError, shorten, type ValueContext } from "./values/value-type.ts";
import { version } from "./values/version.ts";

export interface MatchContext {
  values: Namespace;
  /** What the value of an assignment may refer to. */
  contextOf: (assignment: Assignment) => ValueContext;
  expand: (assignment: Assignment) => string;
}

/** The conditions that let a file in, or the one that kept it out. */
export type Verdict = { holds: true; conditions: readonly Condition[] } | { holds: false; condition: Condition };

/**
 * Whether the file applies: every [Match] section holds, and one of the [TriggerMatch] sections where there are any.
 * A section holds when all of its plain conditions do, and one of those after `|` where there are any; `!` negates.
 */
export function matches(sections: readonly IniSection[], context: MatchContext): Verdict {
  return judge(sections, "Match", "TriggerMatch", context);
}

/** The same for [Assert] and [TriggerAssert]. Throws UserError `assertion-failed`. */
export function checkAsserts(sections: readonly IniSection[], context: MatchContext): void {
  const verdict = judge(sections, "Assert", "TriggerAssert", context);
  if (verdict.holds) return;
  const { place, text } = verdict.condition;
  throw configError(
    "assertion-failed",
    `${place.file}:${place.line}: ${shorten(text)} does not hold, which this file demands`,
  );
}

function judge(sections: readonly IniSection[], all: string, any: string, context: MatchContext): Verdict {
  const verdicts = sections.filter(({ name }) => name === all).map((section) => sectionVerdict(section, context));
  const failed = verdicts.find(({ holds }) => !holds);
  if (failed !== undefined) return failed;
  const triggers: Verdict[] = [];
  for (const section of sections.filter(({ name }) => name === any)) {
    triggers.push(sectionVerdict(section, context));
    if (triggers.at(-1)?.holds === true) break;
  }
  const trigger = triggers.find(({ holds }) => holds) ?? triggers.at(-1);
  if (trigger?.holds === false) return trigger;
  return { holds: true, conditions: [...verdicts, ...(trigger === undefined ? [] : [trigger])].flatMap(conditionsOf) };
}

function conditionsOf(verdict: Verdict): readonly Condition[] {
  return verdict.holds ? verdict.conditions : [];
}

function sectionVerdict(section: IniSection, context: MatchContext): Verdict {
  const held: Condition[] = [];
  const triggers: Verdict[] = [];
  for (const assignment of section.assignments) {
    const { trigger, not, text } = readCondition(assignment.value);
    const condition = describe(assignment);
    const result = conditionHolds({ ...assignment, value: text }, context) !== not;
    if (trigger) triggers.push(result ? { holds: true, conditions: [condition] } : { holds: false, condition });
    else if (result) held.push(condition);
    else return { holds: false, condition };
  }
  const alternative = triggers.find(({ holds }) => holds) ?? triggers.at(-1);
  if (alternative?.holds === false) return alternative;
  return { holds: true, conditions: [...held, ...(alternative === undefined ? [] : alternative.conditions)] };
}

/** Takes apart `|!text`. */
export function readCondition(value: string): { trigger: boolean; not: boolean; text: string } {
  const [, bar, bang, text = ""] = /^(\|?)(!?)([\s\S]*)$/.exec(value) ?? [];
  return { trigger: bar === "|", not: bang === "!", text };
}

function describe({ key, value, file, line, column, length }: Assignment): Condition {
  return { place: { file, line, column, length }, text: `${key}=${value}` };
}

function conditionHolds(assignment: Assignment, context: MatchContext): boolean {
  const condition = context.expand(assignment);
  const valueContext = context.contextOf(assignment);
  const other = Object.hasOwn(machineConditions, assignment.key) ? machineConditions[assignment.key] : undefined;
  if (other !== undefined) return other(condition, valueContext, context.values);
  const setting = matchableSetting(assignment, valueContext, context.values.surroundings.image);
  const value = context.values.get(setting);
  return value !== undefined && setting.type.matches?.(condition, value, valueContext) === true;
}

function matchableSetting({ key, section }: Assignment, { place, warn }: ValueContext, image: string): Setting {
  const setting = findSetting(key);
  if (setting === undefined) throw unknownCondition(key, section, place);
  if (!setting.matchable || setting.type.matches === undefined) {
    throw configError("not-matchable", `${place}: ${key}= cannot stand in [${section}]`);
  }
  if (setting.scope === "main" && image !== "main") {
    throw configError("not-matchable", `${place}: ${key}= can be matched on in the main image alone`);
  }
  if (key !== setting.name) warn("deprecated-name", `${key}= is deprecated, it is ${setting.name}= now`);
  return setting;
}

type MachineCondition = (condition: string, context: ValueContext, values: Namespace) => boolean;

/** Conditions on something other than a setting. */
export const machineConditions: Readonly<Record<string, MachineCondition>> = {
  PathExists: (condition, { directory, files }) => condition !== "" && files.exists(resolve(directory, condition)),
  SystemdVersion: (condition, context) =>
    condition !== "" && version.matches?.(condition, systemdVersion(), context) === true,
  HostArchitecture: (condition, _, { surroundings }) =>
    condition === (surroundings.host.architecture ?? nativeArchitecture()),
  Image: (condition, _, { surroundings }) => condition === surroundings.image,
};
