import type { CommandLineJson } from "./command-line.ts";
import { decode } from "./from-json.ts";
import type { Loader } from "./loader.ts";
import { findSetting } from "./settings/index.ts";
import { configError } from "./values/value-type.ts";

/**
 * Puts in place what `strongJson` gave. As in the reference, a list without items keeps out what files say.
 * Throws UserError `invalid-json`.
 */
export function applyEarlier(earlier: CommandLineJson, loader: Loader): void {
  for (const [name, json] of Object.entries(earlier)) {
    const setting = findSetting(name);
    if (setting === undefined) throw configError("invalid-json", `There is no setting ${name}`);
    const value = decode(setting, json, loader.values.surroundings.image);
    const isEmpty = typeof value === "object" && value !== null && Object.keys(value).length === 0;
    loader.values.put("strong", setting, value, [{ kind: "command line", raw: setting.long }], isEmpty);
  }
}
