import { BuildError, ToolError } from "./errors.ts";
import { ExitCode, type FailureEvent } from "./protocol.ts";

/** What the host is told of a failure: a cause that the user can mend, or a bug with its stack. */
export function failureEvent(error: unknown, cancelled: boolean): FailureEvent {
  if (cancelled) return event("interrupted", "the build was cancelled", ExitCode.interrupted);
  if (isDiskFull(error)) return diskFull(error);
  if (error instanceof BuildError) {
    const { code, message, exitCode, hint, command, tail } = error;
    return { ...event(code, message, exitCode), ...(hint ? { hint } : {}), ...(command ? { command } : {}), tail };
  }
  const bug = error instanceof Error ? error : new Error(String(error));
  return { ...event("bug", bug.message, ExitCode.failed), stack: bug.stack ?? bug.message };
}

function event(code: string, message: string, exitCode: number): FailureEvent {
  return { type: "error", code, message, exitCode, tail: [] };
}

function isDiskFull(error: unknown): boolean {
  if (error instanceof ToolError) return error.output.some((line) => line.includes("No space left on device"));
  return (error as NodeJS.ErrnoException)?.code === "ENOSPC";
}

function diskFull(error: unknown): FailureEvent {
  const command = error instanceof ToolError && error.command ? { command: error.command, tail: error.tail } : {};
  return {
    ...event(
      "disk-full",
      "no space is left on the disk of the engine's storage or of the output directory",
      ExitCode.failed,
    ),
    hint: "`caisson clean -f` removes cached layers, `caisson tools prune` old tools images.",
    ...command,
  };
}
