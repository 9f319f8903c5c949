import { generatedBy } from "../documentation/texts.ts";
import type { CompletedOption, CompletedVerb, CompletionModel } from "./model.ts";

/** For the function _arguments of zshcompsys(1). */
export function zshCompletion({ options, verbs }: CompletionModel): string {
  return `#compdef caisson
# ${generatedBy}

_caisson_verbs() {
  local -a verbs=(
${verbs.map(({ name, help }) => `    ${quote(`${name}:${help}`)}`).join("\n")}
  )
  _describe verb verbs
}

_caisson_arguments() {
  case $verb in
${verbs
  .filter(({ words }) => words.length > 0)
  .map(argumentCase)
  .join("\n")}
    *) _files ;;
  esac
}

_caisson() {
  local verb=\${words[(r)${verbs.map(({ name }) => name).join("|")}]}
  local -a verb_options
  case $verb in
${verbOptions(options)}
  esac
  _arguments -s -S $verb_options \\
${options
  .filter(({ verbs }) => verbs === undefined)
  .flatMap(specifications)
  .map((word) => `    ${quote(word)} \\`)
  .join("\n")}
    '1:verb:_caisson_verbs' \\
    '*:argument:_caisson_arguments'
}

_caisson "$@"
`;
}

function argumentCase({ name, words }: CompletedVerb): string {
  return `    ${name}) compadd -- ${words.join(" ")} ;;`;
}

function verbOptions(options: CompletedOption[]): string {
  const own = options.filter(({ verbs }) => verbs !== undefined);
  return [...new Set(own.flatMap(({ verbs = [] }) => verbs))]
    .map((verb) => {
      const words = own.filter(({ verbs }) => verbs?.includes(verb)).flatMap(specifications);
      return `    ${verb}) verb_options=(${words.map(quote).join(" ")}) ;;`;
    })
    .join("\n");
}

/** Options may be repeated: lists add up. */
function specifications(option: CompletedOption): string[] {
  const { long, short, value, shortTakesValue, help } = option;
  const about = `[${help.replaceAll(/[\\\]]/g, "\\$&")}]`;
  const longForm = value === "none" ? long : value === "required" ? `${long}=` : `${long}=-`;
  const action =
    value === "none"
      ? ""
      : `:${value === "optional" ? ":" : ""}${option.metavar.replaceAll(":", "\\:")}:${actionOf(option)}`;
  const shortForms =
    short === undefined ? [] : [`*${shortTakesValue ? `${short}+` : short}${about}${shortTakesValue ? action : ""}`];
  return [`*${longForm}${about}${action}`, ...shortForms];
}

function actionOf({ values: { words, files } }: CompletedOption): string {
  if (files) return "_files";
  return words.length === 0 ? " " : `(${words.join(" ")})`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
