import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from "vscode-languageserver";
import { problemOf } from "../config/findings.ts";
import { parseIni } from "../config/ini.ts";
import type { Problem, Severity } from "../config/problems.ts";
import type { Files } from "../config/values/value-type.ts";
import { UserError } from "../errors.ts";
import { lintProject } from "../lint/index.ts";
import { rangeOf } from "./range.ts";

/**
 * Every problem of the project in `directory`, or those of the files `only`, which no image needs to read. Files are
 * named by absolute paths.
 */
export async function projectProblems(
  directory: string,
  files: Files,
  environment: Readonly<Record<string, string | undefined>>,
  only: readonly string[] = [],
): Promise<Problem[]> {
  try {
    return await lintProject({ directory, arguments: [], environment, files, only });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [problemOf(error)];
  }
}

/** What can be said of a text that is no file. */
export function syntaxProblems(text: string): Problem[] {
  const problems: Problem[] = [];
  parseIni(text, "", (problem) => problems.push(problem));
  return problems;
}

/** For the document that the problem is in; one without a place is at the document's beginning. */
export function diagnosticOf({ severity, code, message, hint, place }: Problem): Diagnostic {
  const { line, column, length } = place ?? { line: 1, column: 1, length: 0 };
  return {
    range: rangeOf({ line, column, text: " ".repeat(length) }),
    severity: severities[severity],
    code,
    source: "caisson",
    message: hint === undefined ? message : `${message}\n${hint}`,
    ...(code === "deprecated-name" ? { tags: [DiagnosticTag.Deprecated] } : {}),
  };
}

/** What a build passes over is an error, since a build refuses it. */
const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  ignored: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
};
