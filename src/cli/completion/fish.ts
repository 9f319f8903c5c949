import { generatedBy } from "../documentation/texts.ts";
import type { CompletedOption, CompletedVerb, CompletionModel } from "./model.ts";

/** For the builtin complete of fish(1). */
export function fishCompletion({ options, verbs }: CompletionModel): string {
  const names = verbs.map(({ name }) => name).join(" ");
  const lines = [
    `# fish completion of caisson. ${generatedBy}`,
    `set -l verbs ${names}`,
    `complete -c caisson -n "not __fish_seen_subcommand_from $verbs" -f`,
    ...verbs.map(
      ({ name, help }) =>
        `complete -c caisson -n "not __fish_seen_subcommand_from $verbs" -a ${name} -d ${quote(help)}`,
    ),
    ...verbs.filter(({ words }) => words.length > 0).map(argumentLine),
    ...options.map(optionLine),
  ];
  return `${lines.join("\n")}\n`;
}

function argumentLine({ name, words }: CompletedVerb): string {
  return `complete -c caisson -n "__fish_seen_subcommand_from ${name}" -f -a ${quote(words.join(" "))}`;
}

function optionLine({ long, short, value, shortTakesValue, values, verbs, help }: CompletedOption): string {
  const condition = verbs === undefined ? "" : ` -n "__fish_seen_subcommand_from ${verbs.join(" ")}"`;
  const about = ` -d ${quote(help)}`;
  const words = values.words.length === 0 ? "" : ` -a ${quote(values.words.join(" "))}`;
  const takes =
    value === "required" ? (values.files ? ` -r -F${words}` : ` -x${words}`) : value === "optional" ? words : "";
  // A short form that takes no value is an option of its own.
  const joined = short !== undefined && (shortTakesValue || value === "none");
  const alone = short === undefined || joined ? "" : `\ncomplete -c caisson${condition} -s ${short.slice(1)}${about}`;
  const names = `${joined ? ` -s ${short.slice(1)}` : ""} -l ${long.slice(2)}`;
  return `complete -c caisson${condition}${names}${takes}${about}${alone}`;
}

/** In single quotes, fish(1) knows \\' and \\\\ alone. */
function quote(text: string): string {
  return `'${text.replaceAll(/['\\]/g, "\\$&")}'`;
}
