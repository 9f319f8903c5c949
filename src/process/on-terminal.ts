import { spawnSync } from "node:child_process";
import { CommandError } from "./command-error.ts";
import { commandLine } from "./spawn.ts";

/**
 * Runs a command of the host that talks to the person at the terminal itself, such as a pager, and waits for its end.
 * Throws CommandError.
 */
export function runOnTerminal(
  command: string,
  args: readonly string[],
  options: { environment: NodeJS.ProcessEnv; input?: string },
): void {
  const { status, signal, error } = spawnSync(command, args, {
    env: options.environment,
    stdio: [options.input === undefined ? "inherit" : "pipe", "inherit", "inherit"],
    ...(options.input === undefined ? {} : { input: options.input }),
  });
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  // A reader that has seen enough does not read to the end.
  if (status === 0 && (code === undefined || code === "EPIPE")) return;
  throw new CommandError(commandLine(command, args), { exitCode: status, signal, code });
}
