import { nearest } from "../cli/suggest.ts";
import type { UserError } from "../errors.ts";
import type { IniSection } from "./ini.ts";
import { machineConditions } from "./match.ts";
import type { Problem } from "./problems.ts";
import { settings } from "./settings/index.ts";
import type { Setting } from "./settings/setting.ts";
import { configError } from "./values/value-type.ts";

const conditionSections = ["Match", "TriggerMatch", "Assert", "TriggerAssert"] as const;

/** Every section that is read. */
export const sectionNames: readonly string[] = [
  ...new Set(settings.map(({ section }) => section)),
  ...conditionSections,
];

export function isConditionSection(name: string): boolean {
  return (conditionSections as readonly string[]).includes(name);
}

/** What others than Caisson read: sections that begin with `X-`. */
export function isForeignSection(name: string): boolean {
  return name.startsWith("X-") && !sectionNames.includes(name);
}

type Finding = Pick<Problem, "code" | "message" | "hint">;

/** A name that is not in the table. */
export function unknownSetting(name: string): Finding {
  const guess = nearest(
    name,
    settings.map((row) => row.name),
  );
  const suggestion = guess === undefined ? "" : `; did you mean ${guess}=?`;
  return {
    code: "unknown-setting",
    message: `unknown setting ${name}=${suggestion}`,
    hint: "'caisson help' lists every setting",
  };
}

/** Undefined where the section is known, or belongs to others. `[Host]` is the old [Runtime]. */
export function unknownSection({ name }: IniSection): Finding | undefined {
  if (sectionNames.includes(name) || isForeignSection(name) || name === "Host") return undefined;
  const guess = nearest(name, sectionNames);
  return {
    code: "unknown-section",
    message: `unknown section [${name}]${guess === undefined ? "" : `; did you mean [${guess}]?`}`,
    hint: `Sections are ${sectionNames.map((section) => `[${section}]`).join(", ")}`,
  };
}

/** What stands in [Match] and the like, but is nothing that can be matched on. */
export function unknownCondition(name: string, section: string, place: string): UserError {
  const known = [
    ...(settings as readonly Setting[]).filter(({ matchable }) => matchable).map((row) => row.name),
    ...Object.keys(machineConditions),
  ];
  const guess = nearest(name, known);
  const suggestion = guess === undefined ? "" : `; did you mean ${guess}=?`;
  return configError(
    "unknown-condition",
    `${place}: ${name}= cannot stand in [${section}]${suggestion}`,
    `Conditions are ${known.join("=, ")}=`,
  );
}
