import type { Problem } from "../config/problems.ts";

/** What a build would pass over stops it as an error does. */
export function isError({ severity }: Pick<Problem, "severity">): boolean {
  return severity !== "warning";
}

/** One line per problem, with its hint below, and how many there are. */
export function problemsText(problems: readonly Problem[]): string {
  const lines = problems.flatMap((problem) => [lineOf(problem), ...hintLines(problem)]);
  return `${[...lines, countText(problems)].join("\n")}\n`;
}

function lineOf(problem: Problem): string {
  const { code, message, place, where } = problem;
  const at = place === undefined ? where : `${place.file}:${place.line}:${place.column}`;
  return `${at === "" ? "" : `${at}: `}${isError(problem) ? "error" : "warning"}: ${message} [${code}]`;
}

function hintLines({ hint }: Problem): string[] {
  return hint === undefined ? [] : hint.split("\n").map((line) => `  ${line}`);
}

function countText(problems: readonly Problem[]): string {
  if (problems.length === 0) return "No problems";
  const errors = problems.filter(isError).length;
  const warnings = problems.length - errors;
  return [count(errors, "error"), count(warnings, "warning")].flatMap((part) => part ?? []).join(", ");
}

function count(number: number, noun: string): string | undefined {
  return number === 0 ? undefined : `${number} ${noun}${number === 1 ? "" : "s"}`;
}
