import { CommandError } from "./command-error.ts";
import type { RunOptions } from "./spawn.ts";

/**
 * Runs a short command of the host and waits for it, for readers that cannot but wait. Returns its standard output as it
 * is. Throws CommandError, and so after `timeout` milliseconds.
 */
export function runSync(
  command: string,
  args: readonly string[],
  options: Pick<RunOptions, "environment" | "directory" | "timeout">,
): string {
  try {
    // Loaded here: few configurations run anything.
    const { execFileSync } = process.getBuiltinModule("node:child_process");
    return execFileSync(command, args, {
      cwd: options.directory,
      env: options.environment,
      timeout: options.timeout,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      maxBuffer: 16 * 1024 * 1024,
    });
  } catch (error) {
    const { status, signal, code, stderr } = error as NodeJS.ErrnoException & {
      status?: number | null;
      signal?: string | null;
      stderr?: string;
    };
    throw new CommandError([command, ...args].join(" "), { exitCode: status, signal, code, output: stderr });
  }
}
