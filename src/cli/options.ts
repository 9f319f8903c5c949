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
    help: "Work in this directory; empty: read no configuration files",
  },
  { id: "json", long: "--json", takes: "nothing", help: "Print events and results as JSON" },
  { id: "explain", long: "--explain", takes: "nothing", help: "Say why each layer was built again" },
  { id: "debug", long: "--debug", takes: "nothing", help: "Show the output of every tool, and stack traces" },
  {
    id: "debugShell",
    long: "--debug-shell",
    takes: "nothing",
    help: "Open a shell in the image where a command in it fails",
  },
  {
    id: "debugWorkspace",
    long: "--debug-workspace",
    takes: "nothing",
    later: true,
    help: "Keep the working files of a build that fails",
  },
  {
    id: "debugSandbox",
    long: "--debug-sandbox",
    takes: "nothing",
    later: true,
    help: "Run each tool under strace",
  },
  {
    id: "debugTiming",
    long: "--debug-timing",
    takes: "nothing",
    later: true,
    help: "Say how long each step of a build took",
  },
  { id: "noPager", long: "--no-pager", takes: "nothing", help: "Print long texts without a pager" },
  {
    id: "autoBump",
    long: "--auto-bump",
    short: "-B",
    takes: "nothing",
    help: "Raise the image's version, and write it to mkosi.version after the build",
  },
  {
    id: "wipeBuildDirectory",
    long: "--wipe-build-dir",
    short: "-w",
    takes: "nothing",
    help: "Empty the build directory before the build",
  },
  {
    id: "rerunBuildScripts",
    long: "--rerun-build-scripts",
    short: "-R",
    takes: "nothing",
    help: "Run the build scripts again in an image that is built already",
  },
  {
    id: "toolsUpdate",
    long: "--tools-update",
    takes: "nothing",
    help: "Make a new tools lock where a locked package has left the mirror",
  },
  { id: "help", long: "--help", short: "-h", takes: "nothing", help: "Show help; after a verb, that of the verb" },
  { id: "version", long: "--version", takes: "nothing", help: "Show the version" },
  {
    id: "origins",
    long: "--origins",
    takes: "nothing",
    verbs: ["summary"],
    help: "Show where each value was set",
  },
  {
    id: "format",
    long: "--format",
    takes: "value",
    metavar: "FORMAT",
    words: ["text", "json", "sarif"],
    verbs: ["lint"],
    help: "How to print what was found",
  },
  {
    id: "strict",
    long: "--strict",
    takes: "nothing",
    verbs: ["lint"],
    help: "Fail for warnings, too",
  },
  {
    id: "image",
    long: "--image",
    takes: "value",
    metavar: "NAME",
    verbs: ["explain"],
    help: "The image whose value is meant; without it, the main one",
  },
  {
    id: "check",
    long: "--check",
    takes: "nothing",
    verbs: ["fmt"],
    help: "Write nothing; fail where a file is not as it would be written",
  },
  {
    id: "html",
    long: "--html",
    takes: "value",
    metavar: "FILE",
    verbs: ["diff", "verify"],
    help: "Write what was found as a page, too",
  },
  {
    id: "stdio",
    long: "--stdio",
    takes: "nothing",
    verbs: ["lsp"],
    help: "Speak on standard input and output: the only way, for editors that name it",
  },
  {
    id: "docFormat",
    long: "--doc-format",
    takes: "value",
    metavar: "FORMAT",
    words: ["auto", "markdown", "man", "system"],
    verbs: ["documentation"],
    help: "How to show the documentation",
  },
  {
    id: "genkeyValidDays",
    long: "--genkey-valid-days",
    takes: "value",
    metavar: "DAYS",
    verbs: ["genkey"],
    help: "Days that a new certificate is valid for; 730 without it",
  },
  {
    id: "genkeyCommonName",
    long: "--genkey-common-name",
    takes: "value",
    metavar: "NAME",
    verbs: ["genkey"],
    help: "Common name of a new certificate; %u is the user's name, and without it 'mkosi of %u'",
  },
  { id: "nspawnKeepUnit", long: "--nspawn-keep-unit", takes: "nothing", gone: true, help: "Has no effect any more" },
  { id: "default", long: "--default", takes: "value", gone: true, help: "Has no effect any more" },
  { id: "cache", long: "--cache", takes: "value", gone: true, help: "Has no effect any more" },
  { id: "runtimeScratch", long: "--runtime-scratch", takes: "value", gone: true, help: "Has no effect any more" },
] as const satisfies readonly OwnOption[];

export interface OwnOption {
  id: string;
  long: string;
  short?: string;
  takes: "nothing" | "value" | "count";
  metavar?: string;
  /** Every value that it takes; absent: any. */
  words?: readonly string[];
  /** The verbs that it belongs to, where it hides a setting's option of the same name; absent: all. */
  verbs?: readonly string[];
  /** Verbs that build refuse it, since what it asks for is not done yet. */
  later?: true;
  /** The reference takes it and does nothing, with a warning; so do we. */
  gone?: true;
  help: string;
}

type Row = (typeof ownOptions)[number];
type Value<O> = O extends { takes: "count" }
  ? number
  : O extends { takes: "nothing" }
    ? boolean
    : (O extends { words: readonly (infer W)[] } ? W : string) | undefined;

/** What was given for each option: how often, whether, or the last value. */
export type OwnOptions = { readonly [O in Row as O["id"]]: Value<O> };

/** The table without its exact types. */
export const optionRows: readonly OwnOption[] = ownOptions;
