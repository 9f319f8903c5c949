/** Every verb, in the order of `caisson help`. The parser, the help page and main.ts read this table. */
export const verbs = [
  { name: "build", help: "Build the image; the default verb" },
  { name: "summary", help: "Show the resolved configuration; builds nothing" },
  { name: "clean", help: "Remove outputs; with -f cached layers too, with -ff downloaded packages too" },
  {
    name: "vm",
    arguments: "[-- QEMU arguments]",
    help: "Boot the image in QEMU, building it first where it does not exist",
  },
  {
    name: "shell",
    arguments: "[-- command line]",
    help: "Run a command or a login shell in a throw-away copy of the image's tree",
  },
  { name: "tools", arguments: "list|build|update|prune", help: "Look after the pinned tools images" },
  { name: "doctor", help: "Check that this machine can build, and say what mends it" },
  { name: "help", help: "Show this page" },
] as const satisfies readonly VerbRow[];

export interface VerbRow {
  name: string;
  /** Synopsis of what may follow the verb; absent: nothing may. */
  arguments?: string;
  help: string;
}

export type Verb = (typeof verbs)[number]["name"];

export const defaultVerb: Verb = "build";
