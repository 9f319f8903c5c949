import { ExitCode } from "../../sandbox/exit-code.ts";
import type { FailureEvent } from "../../sandbox/protocol.ts";
import { type ExitCode as Exit, UserError } from "../errors.ts";

/** The worker said what went wrong. Where `failure.stack` is set it is a bug of the worker. */
export class WorkerFailure extends UserError {
  readonly failure: FailureEvent;
  /** Path of the whole log. */
  readonly log: string;

  constructor(failure: FailureEvent, log: string) {
    super(failure.code, failure.message, {
      exitCode: exitCodeOf(failure.exitCode),
      ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    });
    this.failure = failure;
    this.log = log;
  }
}

/** The user stopped the run. */
export function interrupted(): UserError {
  return new UserError("interrupted", "Interrupted", { exitCode: ExitCode.interrupted });
}

/**
 * What became of a worker that ended with `code` and sent no `error` event: undefined where it is done.
 * `tail` holds the last lines that were no events.
 */
export function describeEnd(code: number, tail: string[], log: string): UserError | undefined {
  if (code === ExitCode.done) return undefined;
  if (code === ExitCode.interrupted) return interrupted();
  if (code > 128) {
    return silentEnd("worker-killed", `The build container was killed by signal ${code - 128}`, tail, log, {
      hint: "Out of memory, the engine stopped, or somebody removed the container; run the build again",
    });
  }
  return silentEnd(
    "worker-ended",
    `The build container ended with exit code ${code} and gave no reason`,
    tail,
    log,
    {},
  );
}

function silentEnd(code: string, message: string, tail: string[], log: string, more: { hint?: string }): UserError {
  return new WorkerFailure({ type: "error", code, message, exitCode: ExitCode.failed, tail, ...more }, log);
}

/** A worker of another version could send anything. */
function exitCodeOf(code: number): Exit {
  return Object.values(ExitCode).find((known) => known === code && known !== ExitCode.done) ?? ExitCode.failed;
}
