import { relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Problem } from "../config/problems.ts";
import { isError } from "./report.ts";
import { ruleOf } from "./rules.ts";

/**
 * The problems as a SARIF 2.1.0 log (OASIS standard "Static Analysis Results Interchange Format"), which code hosts
 * read. Files below `root`, which is absolute, have URIs that are relative to it.
 */
export function sarifLog(problems: readonly Problem[], options: { root: string; version: string }) {
  const rules = [...new Set(problems.map(({ code }) => code))].sort().map(ruleOf);
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "caisson",
            semanticVersion: options.version,
            rules: rules.map(({ code, severity, description, help }) => ({
              id: code,
              shortDescription: { text: description },
              help: { text: help },
              defaultConfiguration: { level: levelOf({ severity }) },
            })),
          },
        },
        columnKind: "utf16CodeUnits",
        results: problems.map((problem) => ({
          ruleId: problem.code,
          ruleIndex: rules.findIndex(({ code }) => code === problem.code),
          level: levelOf(problem),
          message: { text: problem.hint === undefined ? problem.message : `${problem.message}\n${problem.hint}` },
          ...(hasFile(problem) ? { locations: [locationOf(problem, options.root)] } : {}),
        })),
      },
    ],
  };
}

function levelOf(problem: Pick<Problem, "severity">): "error" | "warning" {
  return isError(problem) ? "error" : "warning";
}

/** What is on the command line is in no file. */
function hasFile({ place, where }: Problem): boolean {
  return place !== undefined || (where !== "" && !where.startsWith("-"));
}

function locationOf({ place, where }: Problem, root: string) {
  const artifactLocation = artifactOf(resolve(place?.file ?? where), root);
  if (place === undefined) return { physicalLocation: { artifactLocation } };
  const { line: startLine, column: startColumn, length } = place;
  return {
    physicalLocation: { artifactLocation, region: { startLine, startColumn, endColumn: startColumn + length } },
  };
}

function artifactOf(path: string, root: string) {
  const below = relative(root, path);
  if (below.startsWith("..")) return { uri: pathToFileURL(path).href };
  return { uri: below.split("/").map(encodeURIComponent).join("/"), uriBaseId: "%SRCROOT%" };
}
