import { nearest } from "../cli/suggest.ts";
import type { UserError } from "../errors.ts";
import type { IniSection } from "./ini.ts";
import { settings } from "./settings/index.ts";
import { laterSections, laterSettings } from "./settings/later.ts";
import { configError } from "./values/value-type.ts";

const sectionsRead: readonly string[] = [
  ...new Set(settings.map(({ section }) => section)),
  ...new Set(Object.values(laterSettings).map(({ section }) => section)),
  "Match",
  "TriggerMatch",
];

/** An error for a name that is not in the table: one that comes later, or one that nobody knows. */
export function unknownSetting(name: string, place: string): UserError {
  const later = laterName(name);
  if (later !== undefined) {
    const shown = later === name ? `${name}=` : `${name}= (now ${later}=)`;
    return configError(
      "setting-unsupported",
      `${place}: this version of Caisson does not have the setting ${shown} yet`,
      "Take it out; 'caisson help' lists the settings that there are",
    );
  }
  const guess =
    nearest(
      name,
      settings.map((row) => row.name),
    ) ?? nearest(name, Object.keys(laterSettings));
  const suggestion = guess === undefined ? "" : `; did you mean ${guess}=?`;
  return configError(
    "unknown-setting",
    `${place}: unknown setting ${name}=${suggestion}`,
    "'caisson help' lists every setting",
  );
}

function laterName(name: string): string | undefined {
  if (Object.hasOwn(laterSettings, name)) return name;
  return Object.entries(laterSettings).find(([, { oldNames }]) => oldNames?.includes(name))?.[0];
}

/** Throws where a section is unknown. Those that begin with `X-` belong to others. `[Host]` is the old [Runtime]. */
export function checkSection({ name, file, line }: IniSection): void {
  if (sectionsRead.includes(name) || name.startsWith("X-") || name === "Host") return;
  const place = `${file}:${line}`;
  if ((laterSections as readonly string[]).includes(name)) {
    throw configError(
      "section-unsupported",
      `${place}: this version of Caisson does not have the section [${name}] yet`,
    );
  }
  const guess = nearest(name, sectionsRead);
  const suggestion = guess === undefined ? "" : `; did you mean [${guess}]?`;
  const known = `Sections are ${sectionsRead.map((section) => `[${section}]`).join(", ")}`;
  throw configError("unknown-section", `${place}: unknown section [${name}]${suggestion}`, known);
}
