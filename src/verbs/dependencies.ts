import { parseCommandLine } from "../cli/parse.ts";
import { usage } from "../cli/usage.ts";
import { defaultVerb } from "../cli/verbs.ts";
import { loadConfig, settings } from "../config/index.ts";
import type { RunVerb } from "./verb.ts";

/**
 * Prints the packages of the built-in tools tree for this machine, or for what options say: before the verb, or after
 * `--`, such as `-- --profile=devel`. The configuration of the folder has no say in it.
 */
export const dependencies: RunVerb = async ({ line, environment }) => {
  const own = parseCommandLine(["--repositories=", ...line.arguments], settings);
  if (own.verb !== defaultVerb) throw usage("unexpected-argument", "dependencies takes options alone after '--'");
  const builtIn = parseCommandLine(["--include=mkosi-tools"], settings);
  const given = [...line.settings, ...own.settings, ...builtIn.settings];
  const { main } = await loadConfig({ directory: "", arguments: given, environment });
  const data = [...main.config.Packages].sort();
  return { text: data.map((name) => `${name}\n`).join(""), data };
};
