import { bootSettings } from "./boot.ts";
import { buildSettings } from "./build.ts";
import { caissonSettings } from "./caisson.ts";
import { contentSettings } from "./content.ts";
import { distributionSettings } from "./distribution.ts";
import { outputSettings } from "./output.ts";
import { runtimeSettings } from "./runtime.ts";
import type { Setting } from "./setting.ts";

/** The one table: reader, command line, help and summary come from it. */
export const settings = [
  ...distributionSettings,
  ...outputSettings,
  ...contentSettings,
  ...bootSettings,
  ...buildSettings,
  ...runtimeSettings,
  ...caissonSettings,
] as const;

type Row = (typeof settings)[number];
export type SettingName = Row["name"];
type ValueOf<S> = S extends Setting<string, infer V> ? V : never;

/** A resolved configuration: one property per row of the table. */
export type Config = { readonly [R in Row as R["name"]]: ValueOf<R> };

const byName = new Map<string, Setting>(
  settings.flatMap((row) => [row.name, ...row.oldNames].map((name) => [name, row])),
);

/** By name or old name. */
export function findSetting(name: string): Setting | undefined {
  return byName.get(name);
}
