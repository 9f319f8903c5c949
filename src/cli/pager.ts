import { CommandError } from "../process/command-error.ts";
import { runOnTerminal } from "../process/on-terminal.ts";

/**
 * Shows a text in $PAGER, or less(1), which prints what fits on the screen by itself. Returns false where there is no
 * pager to be had: the text is not shown then. Throws CommandError for a pager that fails.
 */
export function showInPager(text: string, environment: NodeJS.ProcessEnv, run = runOnTerminal): boolean {
  const [command, ...args] = (environment.PAGER ?? "less").split(/\s+/).filter((word) => word !== "");
  if (command === undefined || command === "cat") return false;
  // Quit where it fits on one screen, show colours, leave the text on the screen.
  const withDefaults = { LESS: "FRX", ...environment };
  try {
    run(command, args, { environment: withDefaults, input: text });
  } catch (error) {
    if (!isMissing(error)) throw error;
    return false;
  }
  return true;
}

/** Whether a command could not be run because there is none of this name. */
export function isMissing(error: unknown): boolean {
  return error instanceof CommandError && error.code === "ENOENT";
}
