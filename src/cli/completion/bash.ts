import { generatedBy } from "../documentation/texts.ts";
import type { CompletedOption, CompletionModel, Values } from "./model.ts";

/** For bash 4 and newer, whose manual describes COMP_WORDS in "Programmable Completion"; needs no other file. */
export function bashCompletion({ options, verbs }: CompletionModel): string {
  return `# bash completion of caisson. ${generatedBy}

# Sets words and files to what option $1 of verb $2 takes; fails where it takes no value.
_caisson_values() {
  words= files=
  case $2:$1 in
${cases(options.filter(({ verbs }) => verbs !== undefined))}
  esac
  case $1 in
${cases(options.filter(({ verbs }) => verbs === undefined))}
    *) return 1 ;;
  esac
}

# Whether option $1 takes the next word as its value.
_caisson_takes_next() {
  case $1 in
    ${takingNext(options).join(" | ")}) ;;
    *) return 1 ;;
  esac
}

# Sets words to those of the argument of verb $1.
_caisson_arguments() {
  case $1 in
${verbs.map(({ name, words }) => (words.length === 0 ? "" : `    ${name}) words=${quoted(words)} ;;\n`)).join("")}    *) files=1 ;;
  esac
}

_caisson_options() {
  words=${quoted(options.filter(({ verbs }) => verbs === undefined).flatMap(namesOf))}
  case $1 in
${verbOptions(options)}
  esac
}

_caisson() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} words= files= verb= option= i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      --) files=1; break ;;
      =) ((i++)) ;;
      -*) if [[ \${COMP_WORDS[i + 1]} != = ]] && _caisson_takes_next "\${COMP_WORDS[i]}"; then ((i++)); fi ;;
      *) : "\${verb:=\${COMP_WORDS[i]}}" ;;
    esac
  done
  # Bash makes a word of '=' by itself.
  if [[ $current == = ]]; then option=$before current=
  elif [[ $before == = ]]; then option=\${COMP_WORDS[COMP_CWORD - 2]}
  elif _caisson_takes_next "$before"; then option=$before
  fi
  if [[ -n $option ]]; then _caisson_values "$option" "$verb"
  elif [[ -n $files ]]; then words=
  elif [[ $current == -* ]]; then _caisson_options "$verb"
  elif [[ -n $verb ]]; then files= words=; _caisson_arguments "$verb"
  else words=${quoted(verbs.map(({ name }) => name))}
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  if [[ -n $files ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t -O \${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$current")
  fi
}

complete -F _caisson caisson
`;
}

/** Those of verbs come first, and return. */
function cases(options: CompletedOption[]): string {
  const rows = options.filter(({ value }) => value !== "none");
  return rows
    .map((option) => {
      const patterns = option.verbs?.flatMap((verb) => valueNames(option).map((name) => `${verb}:${name}`));
      const commands = [...assignments(option.values), ...(patterns === undefined ? [] : ["return"])];
      return `    ${(patterns ?? valueNames(option)).join(" | ")}) ${commands.join("; ")} ;;`;
    })
    .join("\n");
}

function assignments({ words, files }: Values): string[] {
  return [...(words.length === 0 ? [] : [`words=${quoted(words)}`]), ...(files ? ["files=1"] : [])];
}

function takingNext(options: CompletedOption[]): string[] {
  return [...new Set(options.filter(({ value }) => value === "required").flatMap(valueNames))];
}

function verbOptions(options: CompletedOption[]): string {
  const own = options.filter(({ verbs }) => verbs !== undefined);
  return [...new Set(own.flatMap(({ verbs = [] }) => verbs))]
    .map((verb) => {
      const names = own.filter(({ verbs }) => verbs?.includes(verb)).flatMap(namesOf);
      return `    ${verb}) words+=${quoted(["", ...names])} ;;`;
    })
    .join("\n");
}

/** The names that a value may follow. */
function valueNames({ long, short, shortTakesValue }: CompletedOption): string[] {
  return short !== undefined && shortTakesValue ? [long, short] : [long];
}

function namesOf({ long, short }: CompletedOption): string[] {
  return short === undefined ? [long] : [long, short];
}

/** Words of the tables have no quotes. */
function quoted(words: readonly string[]): string {
  return `'${words.join(" ")}'`;
}
