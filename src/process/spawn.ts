import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { ExecaError, execa } from "execa";
import { CommandError } from "./command-error.ts";

export { CommandError } from "./command-error.ts";

export interface RunOptions {
  /** The whole environment of the command; nothing else is inherited. */
  environment: Record<string, string | undefined>;
  /** Written to its standard input, which is then closed. Default: nothing. */
  input?: string | Buffer;
  /** Default: this process's folder. */
  directory?: string;
  /** Milliseconds after which it is killed. Default: never. */
  timeout?: number;
  signal?: AbortSignal;
}

/**
 * Runs a command of the host to its end; the only place (with `serve`) that starts one. Prints nothing.
 * Returns what it wrote on standard output, without the last line feed. Throws CommandError.
 */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  const execaOptions = {
    ...inherit(options),
    ...(options.input === undefined ? { stdin: "ignore" as const } : { input: options.input }),
    ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  };
  try {
    const { stdout } = await execa(command, args, execaOptions);
    return String(stdout ?? "");
  } catch (error) {
    throw commandError(command, args, error);
  }
}

export interface Service {
  readonly pid: number;
  /** Settles with the way it ended; never rejects. */
  readonly ended: Promise<CommandError>;
  /** Asks it to end, insists after five seconds, and waits until it is gone. */
  stop(): Promise<void>;
}

/**
 * Starts a command that runs beside this process, in a process group of its own so that a Ctrl-C at the terminal
 * leaves it alone. Its output goes to the file `log`. Throws CommandError where it cannot be started.
 */
export async function serve(
  command: string,
  args: readonly string[],
  options: Pick<RunOptions, "environment" | "directory"> & { log: string },
): Promise<Service> {
  const log = openSync(options.log, "a", 0o600);
  // Not execa: it would carry the output through this process, whose end the service must outlive.
  const child = spawn(command, args, {
    env: options.environment,
    ...(options.directory === undefined ? {} : { cwd: options.directory }),
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const line = commandLine(command, args);
  try {
    await once(child, "spawn");
  } catch (error) {
    throw new CommandError(line, { code: String((error as NodeJS.ErrnoException).code) });
  }
  const ended = once(child, "exit").then(([exitCode, signal]) => new CommandError(line, { exitCode, signal }));
  child.unref();
  const { pid } = child;
  if (pid === undefined) throw new Error(`${line} runs, but has no process id`);
  return { pid, ended, stop: () => stop(pid, ended) };
}

async function stop(pid: number, ended: Promise<unknown>): Promise<void> {
  // The group: rootless podman is two processes, of which the first may end without the second.
  signalGroup(pid, "SIGTERM");
  const insist = setTimeout(() => signalGroup(pid, "SIGKILL"), 5000);
  await ended;
  clearTimeout(insist);
}

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function inherit(options: Pick<RunOptions, "environment" | "directory">) {
  return {
    env: options.environment as Record<string, string>,
    extendEnv: false,
    ...(options.directory === undefined ? {} : { cwd: options.directory }),
  };
}

function commandError(command: string, args: readonly string[], error: unknown): CommandError {
  if (!(error instanceof ExecaError)) throw error;
  const { exitCode, signal, code, stderr } = error;
  return new CommandError(commandLine(command, args), {
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(signal === undefined ? {} : { signal }),
    ...(code === undefined ? {} : { code }),
    ...(typeof stderr === "string" ? { output: stderr } : {}),
  });
}

/** A command line that a POSIX shell reads back as exactly these words (POSIX.1-2017, 2.2.2 Single-Quotes). */
export function commandLine(command: string, args: readonly string[]): string {
  return [command, ...args].map(quote).join(" ");
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
