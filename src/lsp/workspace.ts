import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Diagnostic } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { machineFiles } from "../config/machine.ts";
import type { Problem } from "../config/problems.ts";
import { diagnosticOf, projectProblems, syntaxProblems } from "./diagnostics.ts";
import { type OpenFiles, openFiles } from "./open-files.ts";
import { projectFolder } from "./project.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** An open document that is a file. */
interface Opened {
  uri: string;
  /** As the editor opened it. */
  path: string;
  /** Without symbolic links. */
  resolved: string;
}

/** The file of a document; undefined for one that was never saved, or is on another machine. */
export function pathOf(uri: string): string | undefined {
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

/** The file system with the text of all documents in it. */
export function filesOf(documents: readonly TextDocument[]): OpenFiles {
  const texts = documents.flatMap((document): [string, string][] => {
    const path = pathOf(document.uri);
    return path === undefined ? [] : [[machineFiles.resolve(path), document.getText()]];
  });
  return openFiles(new Map(texts));
}

/**
 * The diagnostics of every open document, by its URI: those of all projects that have a document open. `onFailure` takes
 * what went wrong with one project, which keeps the others from nothing.
 */
export async function diagnose(
  documents: readonly TextDocument[],
  environment: Environment,
  onFailure: (directory: string, error: unknown) => void,
): Promise<Map<string, Diagnostic[]>> {
  const files = filesOf(documents);
  const opened = documents.flatMap(({ uri }): Opened[] => {
    const path = pathOf(uri);
    return path === undefined ? [] : [{ uri, path, resolved: files.resolve(path) }];
  });
  const found = new Map(documents.map((document) => [document.uri, ownProblems(document)]));
  const check = async (directory: string, of: readonly Opened[], only: readonly string[] = []) => {
    try {
      const problems = await projectProblems(directory, files, environment, only);
      for (const problem of problems) place(problem, directory, of, found);
    } catch (error) {
      onFailure(directory, error);
    }
  };
  const folders = new Map(opened.map((document) => [document.path, projectFolder(document.path, files)]));
  for (const directory of new Set(folders.values())) await check(directory, opened);
  const unread = opened.filter(({ resolved }) => !files.seen.has(resolved));
  for (const document of unread) await check(folders.get(document.path) ?? "", [document], [document.path]);
  return new Map([...found].map(([uri, problems]) => [uri, unique(problems).map(diagnosticOf)]));
}

function ownProblems(document: TextDocument): Problem[] {
  return pathOf(document.uri) === undefined ? syntaxProblems(document.getText()) : [];
}

/** What concerns no file is shown in the project's main file where that is open. */
function place(problem: Problem, directory: string, opened: readonly Opened[], found: Map<string, Problem[]>): void {
  const file = problem.place?.file ?? (problem.where === "" ? join(directory, "mkosi.conf") : problem.where);
  const document = opened.find(({ path, resolved }) => path === file || resolved === machineFiles.resolve(file));
  if (document !== undefined) found.get(document.uri)?.push(problem);
}

/** Two projects may read the same file. */
function unique(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
