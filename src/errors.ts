import { ExitCode } from "../sandbox/exit-code.ts";

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/**
 * Something that the person at the keyboard can mend. Anything else that is thrown is a bug and keeps its stack.
 * `code` is stable, for programs; `message` says what was read and what was expected; `hint` what to do.
 */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;

  constructor(code: string, message: string, options: { hint?: string; exitCode?: ExitCode; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? ExitCode.failed;
  }
}
