/** Options of the command line alone; all others come from the settings table. */
export const ownOptions = [
  {
    id: "force",
    long: "--force",
    short: "-f",
    takes: "count",
    help: "Replace existing outputs; -ff rebuilds cached layers too, -fff fetches packages anew",
  },
  {
    id: "directory",
    long: "--directory",
    short: "-C",
    takes: "value",
    metavar: "PATH",
    help: "Work in this directory",
  },
  { id: "json", long: "--json", takes: "nothing", help: "Print events and results as JSON" },
  { id: "explain", long: "--explain", takes: "nothing", help: "Say why each layer was built again" },
  { id: "debug", long: "--debug", takes: "nothing", help: "Show the output of every tool, and stack traces" },
  {
    id: "toolsUpdate",
    long: "--tools-update",
    takes: "nothing",
    help: "Make a new tools lock where a locked package has left the mirror",
  },
  { id: "help", long: "--help", short: "-h", takes: "nothing", help: "Show this page" },
  { id: "version", long: "--version", takes: "nothing", help: "Show the version" },
] as const satisfies readonly OwnOption[];

export interface OwnOption {
  id: string;
  long: string;
  short?: string;
  takes: "nothing" | "value" | "count";
  metavar?: string;
  help: string;
}

export type OwnOptionId = (typeof ownOptions)[number]["id"];
