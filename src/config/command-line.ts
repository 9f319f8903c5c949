import { valueContext } from "./findings.ts";
import { encode } from "./json.ts";
import type { Loader } from "./loader.ts";
import type { ParsedSetting } from "./resolved.ts";
import { findSetting, settings } from "./settings/index.ts";
import type { Setting } from "./settings/setting.ts";

/** The settings that a command line has set, in the reference's JSON. */
export type CommandLineJson = Readonly<Record<string, unknown>>;

export function applyCommandLine(assignments: readonly ParsedSetting[], loader: Loader): void {
  const { workingDirectory } = loader.values.surroundings;
  for (const { name, value, raw } of assignments) {
    const setting = findSetting(name);
    if (setting === undefined) throw new Error(`the command line has a setting ${name} that is not in the table`);
    const context = valueContext(setting.name, raw, workingDirectory, loader);
    loader.values.assign("strong", setting, value, { kind: "command line", raw }, context);
  }
  settleDefaults(assignments, loader);
}

/**
 * The reference looks at these settings before it reads files: the default of one that an option has emptied does not
 * follow what files say of others.
 */
function settleDefaults(assignments: readonly ParsedSetting[], { values }: Loader): void {
  for (const { name } of assignments) values.get(findSetting(name) as Setting);
}

/** Every setting that something strong has set; call it before any file is read. */
export function strongJson({ values }: Loader): CommandLineJson {
  const set = (settings as readonly Setting[]).filter((row) => values.layerOf(row) === "strong");
  return Object.fromEntries(set.map((row) => [row.name, encode(row, values.get(row))]));
}
