/**
 * The only spawner of the sandbox side. Every tool runs in a mount namespace of its own (bubblewrap), which shows the
 * tools image read-only and, beyond that, only what the caller binds; without a network unless asked for.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { execa } from "execa";
import { clockArguments } from "./clock.ts";
import { conceal } from "./conceal.ts";
import { BuildError, ToolError } from "./errors.ts";
import { ExitCode } from "./protocol.ts";

/** Where a tool sees the image's tree. */
export const BUILDROOT = "/buildroot";

export interface Bind {
  source: string;
  target: string;
  readOnly?: boolean;
}

export interface RunOptions {
  /** The image's tree, shown at `/buildroot`; or at `/` with `chroot`. */
  root?: string;
  /** Read-only tree. */
  rootReadOnly?: boolean;
  /** Runs the tree's own programs: its root is the namespace's root. */
  chroot?: boolean;
  /** /proc, /dev, /sys, /run and /tmp below the tree, for maintainer scripts. Implied by `chroot`. */
  apivfs?: boolean;
  binds?: Bind[];
  /** Empty folders to make, where no bind makes them. */
  folders?: string[];
  /** A folder whose files are seen over those of the tools image. */
  overTools?: string | undefined;
  /** A folder on the volume for large temporary files, shown as /var/tmp. */
  scratch?: string;
  network?: boolean;
  environment?: Record<string, string>;
  /** Given to the tool's standard input, which is empty otherwise. */
  input?: string | Buffer | Readable;
  /** What the tool writes to standard output: kept and returned, appended to a file, or logged (the default). */
  stdout?: "log" | "capture" | { file: string };
  /** Called with each line that the tool logs, too. */
  onLine?: (line: string) => void;
  workingDirectory?: string;
  /** Exit codes that are no failure; 0 unless said otherwise. */
  accept?: number[];
  /** A program of the user: with `--debug-shell` its failure opens a shell in the namespace that it ran in. */
  debug?: boolean;
}

export interface RunResult {
  exitCode: number;
  /** What the tool wrote to standard output, with `stdout: "capture"`; else empty. */
  stdout: string;
}

export type Run = (argv: readonly string[], options?: RunOptions) => Promise<RunResult>;

export interface RunnerOptions {
  /** Set for every tool, such as SOURCE_DATE_EPOCH. */
  environment?: Record<string, string>;
  onLine: (line: string) => void;
  /** As in `RunOptions`, for every tool. */
  overTools?: string | undefined;
  /** Ends every running tool. */
  signal: AbortSignal;
  /** Seconds that the tools' clock is ahead. */
  clock?: number;
  /** Opens a shell, and settles when it has ended. */
  openShell?: OpenShell | undefined;
}

/** `command` begins with bwrap. */
export type OpenShell = (command: string[], environment: Record<string, string>) => Promise<void>;

/** Nothing of the container's or the host's environment reaches a tool. */
const BASE_ENVIRONMENT = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/root",
  LANG: "C.UTF-8",
  LC_ALL: "C.UTF-8",
  TZ: "UTC",
  TERM: "dumb",
  TMPDIR: "/var/tmp",
};

/** How many lines of a tool's output a failure carries. */
const KEPT_LINES = 200;

/** Returns the function that runs tools. It throws `ToolError` where a tool fails, `BuildError` `interrupted` where the build was cancelled. */
export function makeRun(runner: RunnerOptions): Run {
  return async (argv, options = {}) => {
    const captured = options.stdout === "capture";
    const kept: string[] = [];
    const words = [...namespace({ overTools: runner.overTools, ...options }), ...clockArguments(runner.clock, options)];
    const environment = { ...BASE_ENVIRONMENT, ...runner.environment, ...options.environment };
    const child = execa("bwrap", [...words, "--", ...argv], {
      env: environment,
      extendEnv: false,
      ...input(options.input),
      stdout: typeof options.stdout === "object" ? { file: options.stdout.file } : "pipe",
      stderr: "pipe",
      buffer: { stdout: captured, stderr: false },
      maxBuffer: 1 << 28,
      stripFinalNewline: false,
      reject: false,
    });
    const off = endOnAbort(runner.signal, child.pid);
    const line = (said: string) => {
      const text = conceal(said);
      kept.push(text);
      if (kept.length > KEPT_LINES) kept.shift();
      runner.onLine(text);
      options.onLine?.(text);
    };
    const read = [follow(child.stderr, line)];
    if (!captured && typeof options.stdout !== "object") read.push(follow(child.stdout, line));
    const [result] = await Promise.all([child, ...read]).finally(off);
    if (runner.signal.aborted) throw new BuildError("interrupted", "interrupted", { exitCode: ExitCode.interrupted });
    if (result.exitCode === undefined || !(options.accept ?? [0]).includes(result.exitCode)) {
      if (options.debug) await runner.openShell?.(shellCommand(words, options), environment);
      throw new ToolError(argv, result.exitCode, reason(result), kept);
    }
    return { exitCode: result.exitCode, stdout: captured ? String(result.stdout) : "" };
  };
}

/** The engine starts it with a parent that ends at once, which the shell is to survive. */
function shellCommand(namespace: string[], { chroot, root }: RunOptions): string[] {
  const shell = !chroot || existsSync(`${root}/bin/bash`) ? "/bin/bash" : "/bin/sh";
  return ["bwrap", ...namespace.filter((word) => word !== "--die-with-parent"), "--", shell];
}

/**
 * Ends a tool when the build is cancelled. Killing bwrap alone can leave the first process of its namespace behind, and
 * with it our pipes open; killing that process ends all others, and then bwrap itself.
 */
function endOnAbort(signal: AbortSignal, pid: number | undefined): () => void {
  if (pid === undefined) return () => undefined;
  let timer: NodeJS.Timeout | undefined;
  const end = () => {
    for (const child of childrenOf(pid)) kill(child);
    timer = setTimeout(end, 20);
  };
  if (signal.aborted) end();
  else signal.addEventListener("abort", end);
  return () => {
    signal.removeEventListener("abort", end);
    clearTimeout(timer);
  };
}

/** proc_pid_task(5). None where the process has ended. */
function childrenOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return text.split(" ").filter(Boolean).map(Number);
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function input(given: RunOptions["input"]) {
  if (given === undefined) return { stdin: "ignore" as const };
  return typeof given === "string" || Buffer.isBuffer(given) ? { input: given } : { input: given };
}

async function follow(stream: Readable | null | undefined, onLine: (line: string) => void): Promise<void> {
  if (!stream) return;
  for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) onLine(text);
}

function reason(result: {
  exitCode?: number | undefined;
  signal?: string | undefined;
  message?: string | undefined;
}): string {
  if (result.exitCode !== undefined) return `ended with exit code ${result.exitCode}`;
  return result.signal ? `was ended by ${result.signal}` : `could not be started: ${result.message}`;
}

/** bwrap(1) arguments. It runs as root of the container's user namespace, so that ids and capabilities stay as they are. */
export function namespace(options: RunOptions): string[] {
  const words = ["--die-with-parent", "--unshare-pid", "--unshare-ipc", "--unshare-uts", "--hostname", "localhost"];
  words.push("--cap-add", "ALL");
  if (!options.network) words.push("--unshare-net");
  if (options.chroot) words.push(...chrootMounts(options));
  else words.push(...toolsMounts(options));
  for (const bind of options.binds ?? []) words.push(bind.readOnly ? "--ro-bind" : "--bind", bind.source, bind.target);
  for (const folder of options.folders ?? []) words.push("--dir", folder);
  words.push("--chdir", options.workingDirectory ?? "/");
  return words;
}

/** A root of our own, so that a mount point can be made anywhere in it; of the tools image just what programs read. */
function toolsMounts(options: RunOptions): string[] {
  const words = ["usr", "etc", "var"].flatMap((name) => toolsFolder(name, options.overTools));
  words.push(...otherFolders(options.overTools));
  for (const name of ["bin", "sbin", "lib", "lib64"]) words.push("--symlink", `usr/${name}`, `/${name}`);
  words.push("--dev", "/dev", "--proc", "/proc", "--ro-bind", "/sys", "/sys", "--tmpfs", "/tmp", "--tmpfs", "/run");
  words.push(...(options.scratch ? ["--bind", options.scratch, "/var/tmp"] : ["--tmpfs", "/var/tmp"]));
  if (!options.root) return words;
  words.push(options.rootReadOnly ? "--ro-bind" : "--bind", options.root, BUILDROOT);
  return options.apivfs ? [...words, ...apivfs(BUILDROOT, options)] : words;
}

/** A folder of the tools image, with what the user puts over it. */
function toolsFolder(name: string, over: string | undefined): string[] {
  const path = `/${name}`;
  if (over === undefined || !existsSync(join(over, name))) return ["--ro-bind", path, path];
  const words = ["--overlay-src", path, "--overlay-src", join(over, name), "--ro-overlay", path];
  // The engine mounts these, which an overlay does not show.
  const mounted = name === "etc" ? ["/etc/hosts", "/etc/resolv.conf"] : [];
  return [...words, ...mounted.flatMap((file) => ["--ro-bind-try", file, file])];
}

/** What the tools image does not have at all. */
function otherFolders(over: string | undefined): string[] {
  if (over === undefined) return [];
  const names = readdirSync(over).filter((name) => !OWN.includes(name));
  return names.flatMap((name) => ["--ro-bind", join(over, name), `/${name}`]);
}

/** Folders that every namespace has of its own. */
const OWN = ["usr", "etc", "var", "bin", "sbin", "lib", "lib64", "dev", "proc", "sys", "tmp", "run"];

function chrootMounts(options: RunOptions): string[] {
  if (!options.root) throw new Error("chroot needs a root");
  return [options.rootReadOnly ? "--ro-bind" : "--bind", options.root, "/", ...apivfs("", options)];
}

function apivfs(prefix: string, options: RunOptions): string[] {
  const words = ["--dev", `${prefix}/dev`, "--proc", `${prefix}/proc`, "--ro-bind", "/sys", `${prefix}/sys`];
  for (const folder of ["/run", "/tmp", "/var/tmp"]) words.push("--tmpfs", `${prefix}${folder}`);
  if (options.network) words.push("--ro-bind", "/etc/resolv.conf", `${prefix}/etc/resolv.conf`);
  return words;
}
