import { settings } from "../config/settings/index.ts";
import { sectionNames } from "../config/unknown.ts";

const conditionSections: Readonly<Record<string, string>> = {
  Match: "The file counts only where all of these conditions hold, in every [Match] section of it",
  TriggerMatch: "The file counts only where the conditions of one of its [TriggerMatch] sections hold",
  Assert: "Where one of these conditions does not hold, that is an error",
  TriggerAssert: "Where no [TriggerAssert] section of the file holds, that is an error",
};

/** What belongs in a section; undefined where there is no such section. */
export function sectionHelp(name: string): string | undefined {
  if (!sectionNames.includes(name)) return undefined;
  const names = settings.filter(({ section }) => section === name).map((row) => `${row.name}=`);
  return conditionSections[name] ?? `Settings: ${names.join(", ")}`;
}

/** What can be matched on and is no setting. */
export const conditionHelp: Readonly<Record<string, string>> = {
  PathExists: "Whether this path of this machine exists; a relative one is taken from the file's folder",
  SystemdVersion: "The version of systemd that images are built with; may begin with <, <=, >, >=, == or !=",
  HostArchitecture: "The architecture of this machine",
  Image: "The image that is being read: main, tools, default-initrd, or the name of a subimage",
};
