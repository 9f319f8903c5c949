import { settings } from "../config/settings/index.ts";
import type { Setting } from "../config/settings/setting.ts";
import { specifiers } from "../config/specifiers.ts";

/** What stands behind `%` and what it is replaced by, in order of letters. */
export const specifierHelp: ReadonlyMap<string, string> = new Map(
  [
    ...Object.entries(specifiers),
    ...(settings as readonly Setting[]).flatMap(({ specifier, name }): [string, string][] =>
      specifier === undefined ? [] : [[specifier, `The value of ${name}=`]],
    ),
  ].sort(([a], [b]) => (a < b ? -1 : 1)),
);
