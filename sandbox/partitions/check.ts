import { BuildError } from "../errors.ts";
import type { Definition } from "./definitions.ts";

/**
 * Refuses what systemd-repart passes over in silence: a line that is no assignment, and one that stands before the
 * section. `of` begins the message.
 */
export function checkDefinitions(of: string, definitions: readonly Definition[]): void {
  for (const { name, text } of definitions) {
    let inside = false;
    for (const { line, number } of numberedLines(text)) {
      const wrong = mistake(line, inside);
      if (wrong) throw syntaxError(`${of}: ${name}:${number}: ${JSON.stringify(line)}`, wrong);
      if (line.startsWith("[")) inside = true;
    }
  }
}

/** Lines without comments and empty ones; one that goes on behind a backslash has the number of its first part. */
function* numberedLines(text: string): Generator<{ line: string; number: number }> {
  let begun: { line: string; number: number } | undefined;
  for (const [index, part] of text.split("\n").entries()) {
    if (/^\s*[#;]/.test(part)) continue;
    const line: string = begun ? `${begun.line} ${part}` : part;
    const number: number = begun?.number ?? index + 1;
    if (line.endsWith("\\")) {
      begun = { line: line.slice(0, -1), number };
      continue;
    }
    begun = undefined;
    if (line.trim() !== "") yield { line: line.trim(), number };
  }
  if (begun) yield { line: begun.line.trim(), number: begun.number };
}

function mistake(line: string, inside: boolean): string | undefined {
  if (line.startsWith("[")) return line.endsWith("]") ? undefined : "has no ] at its end";
  if (line.indexOf("=") < 1) return "is no assignment";
  return inside ? undefined : "stands before any section";
}

function syntaxError(read: string, wrong: string): BuildError {
  return new BuildError("bad-partitions", `${read} ${wrong}`, {
    hint: "a definition has the line [Partition], and below it settings such as Type=root; a comment begins with # or ; (repart.d(5))",
  });
}
