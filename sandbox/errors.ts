import { conceal } from "./conceal.ts";
import { ExitCode } from "./protocol.ts";

/**
 * A build that cannot go on for a reason that its user can mend. Anything else that is thrown is a bug and keeps
 * its stack. `code` is stable, for programs.
 */
export class BuildError extends Error {
  override readonly name = "BuildError";
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: number;
  /** The tool that failed, to replay, and the end of what it said. */
  readonly command: string | undefined;
  readonly tail: string[];

  constructor(code: string, message: string, options: BuildErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? ExitCode.failed;
    this.command = options.command;
    this.tail = options.tail ?? [];
  }
}

export interface BuildErrorOptions {
  hint?: string;
  exitCode?: number;
  command?: string | undefined;
  tail?: string[];
  cause?: unknown;
}

/** A tool that ended with an exit code that its caller does not accept. */
export class ToolError extends BuildError {
  readonly argv: readonly string[];
  readonly toolExitCode: number | undefined;
  readonly output: string[];

  constructor(argv: readonly string[], toolExitCode: number | undefined, reason: string, output: string[]) {
    super("tool-failed", `${argv[0]} ${reason}`, { command: conceal(quote(argv)), tail: output.slice(-20) });
    this.argv = argv;
    this.toolExitCode = toolExitCode;
    this.output = output;
  }
}

/** A command line that a shell reads back as the same arguments. */
export function quote(argv: readonly string[]): string {
  return argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}
