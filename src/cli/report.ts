import { ExitCode } from "../../sandbox/exit-code.ts";
import type { FailureEvent } from "../../sandbox/protocol.ts";
import { UserError } from "../errors.ts";
import { WorkerFailure } from "../session/failure.ts";
import { data } from "./progress/github.ts";

/** What a person reads after a failure; `debug` adds stack traces. Ends with a newline. */
export function errorReport(error: unknown, options: { debug?: boolean; github?: boolean } = {}): string {
  if (error instanceof WorkerFailure) return text([...annotation(error, options), ...workerLines(error)]);
  if (!(error instanceof UserError)) return text(bugLines(stackOf(error)));
  if (error.exitCode === ExitCode.interrupted) return text([error.message]);
  const stack = options.debug === true ? [stackOf(error)] : [];
  return text([...annotation(error, options), `error: ${error.message}`, ...hintLines(error.hint), ...stack]);
}

/** The same for programs, in the shape of the worker's own event. */
export function failureEvent(error: unknown): FailureEvent {
  if (error instanceof WorkerFailure) return error.failure;
  if (error instanceof UserError) {
    const { code, message, hint, exitCode } = error;
    return { type: "error", code, message, exitCode, tail: [], ...(hint === undefined ? {} : { hint }) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { type: "error", code: "bug", message, exitCode: ExitCode.failed, tail: [], stack: stackOf(error) };
}

function workerLines({ failure, log }: WorkerFailure): string[] {
  const logLine = `  whole log: ${log}`;
  if (failure.stack !== undefined) return [...bugLines(failure.stack), logLine];
  const tail = failure.tail.length === 0 ? [] : ["  last lines:", ...failure.tail.map((line) => `    | ${line}`)];
  const command = failure.command === undefined ? [] : [`  command: ${failure.command}`];
  return [`error: ${failure.message}`, ...tail, ...command, ...hintLines(failure.hint), logLine];
}

function bugLines(stack: string): string[] {
  return [
    "error: this is a bug in Caisson, not in your configuration:",
    ...stack.split("\n").map((line) => `  ${line}`),
    "  Please report it, with these lines and the command that you ran.",
  ];
}

function annotation(error: UserError, options: { github?: boolean }): string[] {
  return options.github === true ? [`::error title=caisson ${error.code}::${data(error.message)}`] : [];
}

function hintLines(hint: string | undefined): string[] {
  return hint === undefined
    ? []
    : hint.split("\n").map((line, index) => (index === 0 ? `  hint: ${line}` : `        ${line}`));
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function text(lines: string[]): string {
  return `${lines.join("\n")}\n`;
}
