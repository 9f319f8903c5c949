/** Every verb, in the order of `caisson help`. The parser, the help page and main.ts read this table. */
export const verbs = [
  {
    name: "build",
    arguments: "[-- arguments of build scripts]",
    builds: true,
    events: true,
    help: "Build the image; the default verb",
  },
  { name: "summary", help: "Show the resolved configuration; builds nothing" },
  { name: "cat-config", help: "Show every configuration file that is read, with its path" },
  { name: "clean", events: true, help: "Remove outputs; with -f cached layers too, with -ff downloaded packages too" },
  {
    name: "vm",
    aliases: ["qemu"],
    arguments: "[-- QEMU arguments]",
    builds: true,
    events: true,
    help: "Boot the image in QEMU, building it first where it does not exist",
  },
  {
    name: "shell",
    arguments: "[-- command line]",
    builds: true,
    events: true,
    help: "Run a command or a login shell in a throw-away copy of the image's tree",
  },
  {
    name: "verify",
    builds: true,
    help: "Build twice, the second time in every way elsewhere, and compare the outputs byte by byte",
  },
  { name: "diff", arguments: "A B", help: "Say where two outputs of any format differ" },
  {
    name: "export",
    arguments: "FORMAT|docker://REGISTRY/NAME[:TAG]...",
    builds: true,
    events: true,
    help: "Make a qcow2, vmdk, vhd, vhdx, vdi or ova of the disk; push the OCI image, or put it into an archive",
  },
  { name: "bump", help: "Raise the image's version in mkosi.version" },
  { name: "lint", arguments: "[FILE...]", help: "Find what is wrong in the configuration, all at once" },
  { name: "explain", arguments: "SETTING", help: "Say where a setting's value comes from" },
  { name: "fmt", arguments: "[FILE...]", help: "Write configuration files in the one format" },
  { name: "lsp", help: "Serve an editor: the Language Server Protocol on standard input and output" },
  {
    name: "tools",
    arguments: "list|build|update|prune",
    words: ["list", "build", "update", "prune"],
    events: true,
    help: "Look after the pinned tools images",
  },
  { name: "doctor", help: "Check that this machine can build, and say what mends it" },
  { name: "genkey", events: true, help: "Make a key and a certificate for signing: mkosi.key and mkosi.crt" },
  { name: "schema", help: "Print the JSON Schema of what summary --json prints" },
  {
    name: "completion",
    arguments: "bash|zsh|fish",
    words: ["bash", "zsh", "fish"],
    help: "Print the completion script for a shell",
  },
  {
    name: "documentation",
    arguments: "[caisson|reference]",
    words: ["caisson", "reference"],
    help: "Show the manual page, or the reference of all settings",
  },
  {
    name: "dependencies",
    arguments: "[-- options]",
    help: "Print the packages that a tools tree for this machine's distribution has; options may name profiles",
  },
  { name: "help", arguments: "[SETTING|VERB]", help: "Show this page, or all about one setting or verb" },
  { name: "boot", arguments: "[-- arguments]", later: true, help: "Boot the image in a container" },
  { name: "ssh", arguments: "[-- command line]", later: true, help: "Connect to a running virtual machine" },
  { name: "serve", later: true, help: "Serve the output directory with HTTP" },
  { name: "journalctl", arguments: "[-- arguments]", later: true, help: "Read the image's journal" },
  { name: "coredumpctl", arguments: "[-- arguments]", later: true, help: "Read the image's core dumps" },
  { name: "burn", arguments: "DEVICE", later: true, help: "Write the image to a block device" },
  { name: "sysupdate", arguments: "[-- arguments]", later: true, help: "Run systemd-sysupdate on the outputs" },
  {
    name: "box",
    aliases: ["sandbox"],
    arguments: "[-- command line]",
    later: true,
    help: "Run a command among the tools that builds use",
  },
  { name: "init", later: true, help: "Set this user's account up" },
  { name: "latest-snapshot", later: true, help: "Print the newest snapshot of the mirror" },
] as const satisfies readonly VerbRow[];

export interface VerbRow {
  name: string;
  aliases?: readonly string[];
  /** Synopsis of what may follow the verb; absent: nothing may. */
  arguments?: string;
  /** Every word that its argument can be; absent: any. */
  words?: readonly string[];
  /** It builds where there is something to build. */
  builds?: true;
  /** With --json, it prints events line by line. */
  events?: true;
  /** The reference has it, and Caisson does not have it yet. */
  later?: true;
  help: string;
}

type Row = (typeof verbs)[number];

/** A verb that Caisson has. */
export type Verb = Exclude<Row, { later: true }>["name"];

export const defaultVerb: Verb = "build";

/** The table without its exact types. */
export const verbRows: readonly VerbRow[] = verbs;

/** By name or alias. */
export function findVerb(name: string): VerbRow | undefined {
  return verbRows.find((verb) => verb.name === name || verb.aliases?.includes(name));
}
