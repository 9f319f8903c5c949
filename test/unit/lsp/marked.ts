import { dirname, join } from "node:path";
import type { Position } from "vscode-languageserver";
import { openFiles } from "../../../src/lsp/open-files.ts";
import { projectFacts } from "../../../src/lsp/project.ts";
import type { Surroundings } from "../../../src/lsp/targets.ts";
import { folder } from "../config/folder.ts";

/** A text, and the position where `^` was in it. */
export function marked(text: string): { text: string; position: Position } {
  const before = text.slice(0, text.indexOf("^")).split("\n");
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  return { text: text.replace("^", ""), position };
}

/** A project with these files, seen from one of them, which need not be there. */
export function surroundings(files: Record<string, string>, file = "mkosi.conf"): Surroundings & { root: string } {
  const root = folder({ "mkosi.conf": "", ...files });
  const path = join(root, file);
  const open = openFiles(new Map());
  return { root, file: path, files: open, facts: projectFacts(path, open), environment: { HOME: dirname(root) } };
}
