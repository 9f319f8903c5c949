import { usage } from "../cli/usage.ts";
import { loadConfig, type ResolvedImage, type ResolvedProject, settings } from "../config/index.ts";
import { machineFiles } from "../config/machine.ts";
import { findSetting } from "../config/settings/index.ts";
import type { Setting } from "../config/settings/setting.ts";
import { didYouMean } from "../config/values/near.ts";
import { explanationText } from "./explain-text.ts";
import { explanationOf } from "./explanation.ts";
import type { RunVerb } from "./verb.ts";

/** Says where the value of a setting comes from. Throws UserError with exit code 2 for a name that is none. */
export const explain: RunVerb = async ({ line, environment }) => {
  const [name, ...more] = line.arguments;
  if (name === undefined) throw usage("missing-argument", "explain takes the name of a setting, such as Packages");
  if (more.length > 0)
    throw usage("unexpected-argument", `explain takes one setting, but was given '${more[0]}' as well`);
  const row = settingOf(name);
  const project = await loadConfig({ directory: line.directory, arguments: line.settings, environment });
  const explanation = explanationOf(row, imageOf(project, line.options.image ?? "main"), project, {
    quiet: true,
    reading: {
      files: machineFiles,
      environment,
      directory: line.directory,
      report: () => undefined,
      lenient: true,
      parsed: new Map(),
    },
  });
  return { text: explanationText(explanation), data: explanation };
};

/** By name, old name or long option. */
function settingOf(name: string): Setting {
  const rows = settings as readonly Setting[];
  const wanted = name.replace(/=$/, "");
  const row =
    findSetting(wanted) ?? rows.find((one) => one.long === wanted || one.name.toLowerCase() === wanted.toLowerCase());
  if (row !== undefined) return row.addsTo === undefined ? row : (findSetting(row.addsTo) ?? row);
  const guess = didYouMean(
    wanted,
    rows.map((one) => one.name),
  );
  throw usage("unknown-setting", `There is no setting ${wanted}${guess}`, "'caisson help' lists every setting");
}

function imageOf({ images, tools }: ResolvedProject, name: string): ResolvedImage {
  const all = tools === undefined ? images : [tools, ...images];
  const image = all.find((one) => one.image === name);
  if (image !== undefined) return image;
  const names = all.map((one) => one.image);
  throw usage("unknown-image", `There is no image ${name}${didYouMean(name, names)}`, `Images are ${names.join(", ")}`);
}
