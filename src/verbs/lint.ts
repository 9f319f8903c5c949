import { resolve } from "node:path";
import { ExitCode } from "../../sandbox/exit-code.ts";
import { machineFiles } from "../config/machine.ts";
import type { Problem } from "../config/problems.ts";
import { UserError } from "../errors.ts";
import { lintProject } from "../lint/index.ts";
import { isError, problemsText } from "../lint/report.ts";
import { sarifLog } from "../lint/sarif.ts";
import { packageVersion } from "./help.ts";
import type { RunVerb, VerbContext } from "./verb.ts";

/**
 * Finds all that is wrong in the configuration, or in those files and folders of it that are named. The exit code is 2
 * where a build would stop at one of the problems; with --strict, where there is any.
 */
export const lint: RunVerb = async ({ line, environment }) => {
  const only = line.arguments.map((path) => resolve(line.directory, path));
  const missing = only.findIndex((path) => !machineFiles.exists(path));
  if (missing >= 0) throw notFound(line.arguments[missing] ?? "");
  const problems = await lintProject({ directory: line.directory, arguments: line.settings, environment, only });
  const fails = problems.some((problem) => line.options.strict || isError(problem));
  return { ...(await resultOf(problems, line)), exitCode: fails ? ExitCode.usage : ExitCode.done };
};

async function resultOf(problems: readonly Problem[], { options }: VerbContext["line"]) {
  if (options.format === "sarif") {
    const data = sarifLog(problems, { root: process.cwd(), version: await packageVersion() });
    return { text: `${JSON.stringify(data, undefined, 2)}\n`, data };
  }
  const text = options.format === "json" ? `${JSON.stringify(problems, undefined, 2)}\n` : problemsText(problems);
  return { text, data: problems };
}

function notFound(path: string): UserError {
  return new UserError("file-not-found", `${path} does not exist`, {
    exitCode: ExitCode.usage,
    hint: "lint takes files and folders of the configuration, or nothing for all of it",
  });
}
