import { resolve } from "node:path";
import { ExitCode } from "../../sandbox/exit-code.ts";
import { type DoctorReport, doctor, type Finding } from "./doctor.ts";
import type { RunVerb } from "./verb.ts";

/** `doctor`: what was looked at, and what mends what is wrong. Exit code 3 where a build could not work. */
export const doctorVerb: RunVerb = async ({ line, environment, platform }) => {
  const report = await doctor({ engine: line.engine, environment, platform, directory: resolve(line.directory) });
  return { text: doctorText(report), data: report, exitCode: report.ok ? ExitCode.done : ExitCode.host };
};

const marks: Record<Finding["status"], string> = { ok: "ok      ", warning: "warning ", failed: "FAILED  " };

export function doctorText({ ok, findings }: DoctorReport): string {
  const lines = findings.flatMap(({ status, message, fix }) => {
    const indent = " ".repeat(marks.ok.length);
    return [`${marks[status]}${message}`, ...(fix === undefined ? [] : [`${indent}-> ${fix}`])];
  });
  return `${[...lines, "", ok ? "This machine can build." : "This machine cannot build yet."].join("\n")}\n`;
}
