import { lstat, realpath, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { ExitCode } from "../../sandbox/exit-code.ts";
import { type DiffPlan, PROTOCOL_VERSION } from "../../sandbox/protocol.ts";
import { type DiffReport, emptyReport, reportData } from "../diff/report.ts";
import { reportText } from "../diff/text.ts";
import { UserError } from "../errors.ts";
import type { SourceMount } from "../plan/index.ts";
import { type Session, withSession } from "../session/session.ts";
import { runWorker } from "../session/worker.ts";
import { sessionOptions } from "./session-options.ts";
import type { VerbContext, VerbResult } from "./verb.ts";

/** Compares two outputs of any format, and says where they differ; exit code 1 where they do. */
export async function diff(context: VerbContext): Promise<VerbResult> {
  const { line } = context;
  const [a, b] = await operands(line.arguments, line.directory);
  const report = await withSession(sessionOptions(context), (session) =>
    compare(session, [{ a: a.path, b: b.path }], { a: a.given, b: b.given }, line.toolsUpdate),
  );
  await writeHtml(report, context);
  return { text: reportText(report), data: reportData(report), exitCode: exitCodeOf(report) };
}

export interface ComparedPair {
  /** Begins the place of this pair's differences. */
  name?: string;
  /** Absolute. */
  a: string;
  b: string;
}

/** Compares in the tools container; `shown` is what the report calls the two sides. */
export async function compare(
  session: Session,
  pairs: readonly ComparedPair[],
  shown: { a: string; b: string },
  toolsUpdate: boolean,
): Promise<DiffReport> {
  const tools = await session.tools(toolsUpdate);
  const { plan, mounts } = diffPlan(pairs, session.build);
  const report = emptyReport(shown.a, shown.b);
  const onEvent: Session["onEvent"] = (event) => {
    if (event.type === "difference") report.add(event);
    else session.onEvent(event);
  };
  await runWorker(session.engine, { ...session, onEvent, image: tools.image, plan, sources: mounts });
  return report;
}

export function diffPlan(pairs: readonly ComparedPair[], build: string): { plan: DiffPlan; mounts: SourceMount[] } {
  const mounts = pairs.flatMap(({ a, b }, index) => [
    { name: `a-${index + 1}`, hostPath: a },
    { name: `b-${index + 1}`, hostPath: b },
  ]);
  const planned = pairs.map(({ name }, index) => ({
    ...(name === undefined ? {} : { name }),
    a: { source: `a-${index + 1}` },
    b: { source: `b-${index + 1}` },
  }));
  return { plan: { version: PROTOCOL_VERSION, kind: "diff", build, pairs: planned }, mounts };
}

/** With --html, the same report as a page. */
export async function writeHtml(report: DiffReport, { line }: VerbContext): Promise<void> {
  if (line.options.html === undefined) return;
  const { reportHtml } = await import("../diff/html.ts");
  const path = resolve(line.directory, line.options.html);
  try {
    await writeFile(path, reportHtml(report));
  } catch (cause) {
    throw new UserError("html-not-written", `Cannot write ${line.options.html}: ${(cause as Error).message}`, {
      cause,
    });
  }
}

export function exitCodeOf({ total }: DiffReport): number {
  return total === 0 ? ExitCode.done : ExitCode.failed;
}

interface Operand {
  given: string;
  path: string;
}

async function operands(given: readonly string[], directory: string): Promise<[Operand, Operand]> {
  const [a, b, ...more] = given;
  if (a === undefined || b === undefined || more.length > 0) {
    const number = given.length === 1 ? "1 argument" : `${given.length} arguments`;
    throw usage("unexpected-argument", `diff takes two files or folders, but was given ${number}`);
  }
  return [await operand(a, directory), await operand(b, directory)];
}

async function operand(given: string, directory: string): Promise<Operand> {
  try {
    const path = await realpath(resolve(directory, given));
    const stats = await lstat(path);
    if (stats.isFile() || stats.isDirectory()) return { given, path };
  } catch (error) {
    throw usage(
      "not-found",
      `${given} cannot be compared: ${(error as Error).message.replace(/^(\w+: [^,]*),.*$/s, "$1")}`,
    );
  }
  throw usage("not-comparable", `${given} is neither a file nor a folder`);
}

function usage(code: string, message: string): UserError {
  return new UserError(code, message, { exitCode: ExitCode.usage });
}
