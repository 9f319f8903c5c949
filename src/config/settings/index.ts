import { bootSettings } from "./boot.ts";
import { buildSettings } from "./build.ts";
import { caissonSettings } from "./caisson.ts";
import { configSettings } from "./config.ts";
import { contentSettings } from "./content.ts";
import { identitySettings } from "./content-identity.ts";
import { kernelSettings } from "./content-kernel.ts";
import { scriptSettings } from "./content-scripts.ts";
import { distributionSettings } from "./distribution.ts";
import { includeSettings } from "./include.ts";
import { outputSettings } from "./output.ts";
import { outputPartSettings } from "./output-parts.ts";
import { runtimeSettings } from "./runtime.ts";
import type { Setting } from "./setting.ts";
import { toolsTreeSettings } from "./tools-tree.ts";
import { validationSettings } from "./validation.ts";

/**
 * The one table: reader, command line, help and summary come from it. In the reference's order, which is the order in
 * which files such as mkosi.extra are looked for.
 */
export const settings = [
  ...includeSettings,
  ...configSettings,
  ...distributionSettings,
  ...outputSettings,
  ...outputPartSettings,
  ...contentSettings,
  ...scriptSettings,
  ...bootSettings,
  ...kernelSettings,
  ...identitySettings,
  ...validationSettings,
  ...toolsTreeSettings,
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
