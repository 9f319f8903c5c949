import { ExitCode } from "../../sandbox/exit-code.ts";
import { UserError } from "../errors.ts";

/** A mistake on the command line. */
export function usage(code: string, message: string, hint?: string): UserError {
  return new UserError(code, message, { exitCode: ExitCode.usage, ...(hint === undefined ? {} : { hint }) });
}
