export interface Cause {
  exitCode?: number | null | undefined;
  signal?: string | null | undefined;
  code?: string | undefined;
  output?: string | undefined;
}

/** A command of the host that could not be started, or that ended with anything but 0. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  /** As one would type it. */
  readonly commandLine: string;
  /** Undefined where it was not started, or was killed. */
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** `ENOENT` and the like where it could not be started. */
  readonly code: string | undefined;
  /** What it said on standard error. */
  readonly output: string;

  constructor(commandLine: string, cause: Cause) {
    super(`${commandLine}: ${describe(cause)}${cause.output ? `\n${cause.output.trimEnd()}` : ""}`);
    this.commandLine = commandLine;
    this.exitCode = cause.exitCode ?? undefined;
    this.signal = cause.signal ?? undefined;
    this.code = cause.code;
    this.output = cause.output ?? "";
  }
}

function describe(cause: Cause): string {
  if (cause.code === "ENOENT") return "no such command";
  if (typeof cause.exitCode === "number") return `exit code ${cause.exitCode}`;
  if (typeof cause.signal === "string") return `killed by ${cause.signal}`;
  return `could not be started (${cause.code ?? "unknown reason"})`;
}
