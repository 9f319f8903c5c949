import type { Severity } from "../config/problems.ts";

/** What `lint` can find. */
export interface Rule {
  code: string;
  /** How bad it is as a rule; a file that this machine does not read makes it milder. */
  severity: Severity;
  description: string;
  /** What to do; the hint of a single problem may say it better. */
  help: string;
}

/** Rules of the linter, then what the reader of configurations finds. */
export const rules = [
  {
    code: "deprecated-name",
    severity: "warning",
    description: "A setting has a name that it had in the past",
    help: "Write the name that it has now.",
  },
  {
    code: "wrong-section",
    severity: "warning",
    description: "A setting stands in the section of others",
    help: "Move it to its section; it works in any.",
  },
  {
    code: "unknown-setting",
    severity: "ignored",
    description: "There is no setting of this name",
    help: "Correct the name. 'caisson help' lists all settings.",
  },
  {
    code: "unknown-section",
    severity: "ignored",
    description: "There is no section of this name",
    help: "Correct the name; one that other programs read begins with 'X-'.",
  },
  {
    code: "unknown-condition",
    severity: "error",
    description: "There is nothing of this name that a condition could be about",
    help: "Correct the name.",
  },
  {
    code: "not-matchable",
    severity: "error",
    description: "Conditions cannot be about this setting",
    help: "Use a condition on something else, or a profile.",
  },
  {
    code: "invalid-value",
    severity: "error",
    description: "A value cannot be read",
    help: "'caisson help SETTING' says what the setting takes.",
  },
  {
    code: "invalid-syntax",
    severity: "error",
    description: "A line is neither a section nor an assignment",
    help: "Write [Section] or Key=value; lines that continue a value are indented.",
  },
  {
    code: "file-not-found",
    severity: "error",
    description: "A path that has to exist does not",
    help: "Create it, or take it out.",
  },
  {
    code: "not-executable",
    severity: "error",
    description: "A script is not executable",
    help: "chmod +x it, or set MakeScriptsExecutable=yes.",
  },
  {
    code: "no-effect",
    severity: "warning",
    description: "A setting has no effect together with the others",
    help: "Take it out, or set what it depends on.",
  },
  {
    code: "not-built-yet",
    severity: "warning",
    description: "Caisson reads the value, but its builds do not do what it asks for yet",
    help: "A build refuses it; Ignore= in [X-Caisson] lets it pass without its effect.",
  },
  {
    code: "unreachable-match",
    severity: "warning",
    description: "Conditions can never hold together",
    help: "Alternatives have a '|' before each of them.",
  },
  {
    code: "unknown-image",
    severity: "warning",
    description: "A condition names an image that the project does not have",
    help: "Images are main, tools, default-initrd and those of mkosi.images/.",
  },
  {
    code: "unknown-profile",
    severity: "warning",
    description: "A profile is chosen, or asked for, that does not exist",
    help: "Profiles are the files and folders of mkosi.profiles/.",
  },
  {
    code: "repeated-condition",
    severity: "warning",
    description: "A condition stands twice in one section",
    help: "Take one out.",
  },
  {
    code: "overridden",
    severity: "warning",
    description: "A later assignment of the same section makes an assignment void",
    help: "Take the first one out.",
  },
  {
    code: "repeated-item",
    severity: "warning",
    description: "An item stands twice in one list",
    help: "Take one out.",
  },
  {
    code: "empty-section",
    severity: "warning",
    description: "A section has no assignment",
    help: "Take it out.",
  },
  {
    code: "not-read",
    severity: "warning",
    description: "A file in a folder of configuration is none",
    help: "Configuration files end in .conf.",
  },
  {
    code: "dangling-link",
    severity: "warning",
    description: "A symbolic link points to nothing",
    help: "Mend it, or remove it.",
  },
  {
    code: "no-match",
    severity: "ignored",
    description: "A pattern finds no file",
    help: "Correct it, or take it out.",
  },
  {
    code: "specifier-without-value",
    severity: "warning",
    description: "A specifier such as %v stands for nothing",
    help: "Set what it stands for; a percent sign is %%.",
  },
  {
    code: "assertion-failed",
    severity: "error",
    description: "A condition of [Assert] does not hold",
    help: "Choose another configuration, or another machine.",
  },
  {
    code: "setting-not-allowed",
    severity: "error",
    description: "The setting belongs to the main image",
    help: "Move it to the main image's configuration.",
  },
  {
    code: "image-not-found",
    severity: "error",
    description: "Dependencies= names an image that does not exist",
    help: "Correct the name, or add the image to mkosi.images/.",
  },
  {
    code: "dependency-cycle",
    severity: "error",
    description: "Images depend on each other in a circle",
    help: "Take one of the dependencies out.",
  },
  {
    code: "configuration-cycle",
    severity: "error",
    description: "A folder of configuration is a part of itself",
    help: "Take out the link or Include= that leads back.",
  },
  {
    code: "secret-readable",
    severity: "error",
    description: "Everyone on this machine can read a secret",
    help: "chmod 600 the file.",
  },
] as const satisfies readonly Rule[];

export type RuleCode = (typeof rules)[number]["code"];

const byCode = new Map<string, Rule>(rules.map((rule) => [rule.code, rule]));

/** The row of a code. The reader has more of them, one for each kind of value, such as `unknown-format`. */
export function ruleOf(code: string): Rule {
  const kind = code.startsWith("unknown-") ? code.slice("unknown-".length).replaceAll("-", " ") : undefined;
  return (
    byCode.get(code) ?? {
      code,
      severity: "error",
      description: kind === undefined ? `The configuration cannot be read: ${code}` : `There is no such ${kind}`,
      help: "'caisson help SETTING' says what the setting takes.",
    }
  );
}
