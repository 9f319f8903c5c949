import { ExitCode } from "../sandbox/exit-code.ts";
import { parseCommandLine } from "./cli/parse.ts";
import type { Renderer } from "./cli/progress/renderer.ts";
import { findVerb, type Verb } from "./cli/verbs.ts";
import { settings } from "./config/settings/index.ts";
import { UserError } from "./errors.ts";
import type { RunVerb, VerbContext, VerbResult } from "./verbs/verb.ts";

/** Each is loaded when it is asked for: most of them bring libraries that `help` must not wait for. */
const verbs: Record<Verb | "version", () => Promise<RunVerb>> = {
  build: async () => (await import("./verbs/build.ts")).build,
  summary: async () => (await import("./verbs/summary.ts")).summary,
  "cat-config": async () => (await import("./verbs/cat-config.ts")).catConfig,
  bump: async () => (await import("./verbs/bump.ts")).bump,
  clean: async () => (await import("./verbs/clean.ts")).clean,
  vm: async () => (await import("./verbs/vm.ts")).vm,
  shell: async () => (await import("./verbs/shell.ts")).shell,
  verify: async () => (await import("./verbs/verify.ts")).verify,
  diff: async () => (await import("./verbs/diff.ts")).diff,
  export: async () => (await import("./verbs/export.ts")).exportVerb,
  lint: async () => (await import("./verbs/lint.ts")).lint,
  explain: async () => (await import("./verbs/explain.ts")).explain,
  tools: async () => (await import("./verbs/tools-command.ts")).tools,
  doctor: async () => (await import("./verbs/doctor-command.ts")).doctorVerb,
  genkey: async () => (await import("./verbs/genkey.ts")).genkey,
  schema: async () => (await import("./verbs/schema.ts")).schema,
  completion: async () => (await import("./verbs/completion.ts")).completion,
  documentation: async () => (await import("./verbs/documentation.ts")).documentation,
  dependencies: async () => (await import("./verbs/dependencies.ts")).dependencies,
  fmt: async () => (await import("./verbs/fmt.ts")).fmt,
  lsp: async () => (await import("./verbs/lsp.ts")).lsp,
  help: async () => (await import("./verbs/help.ts")).help,
  version: async () => (await import("./verbs/help.ts")).version,
};

/** Runs the command line; the exit code. */
async function main(argv: string[]): Promise<number> {
  // A wrong command line is reported as it asks to be, too.
  const own = argv.includes("--") ? argv.slice(0, argv.indexOf("--")) : argv;
  const style = { debug: own.includes("--debug"), json: own.includes("--json") };
  let renderer: Renderer | undefined;
  try {
    const line = parseCommandLine(argv, settings);
    const verb = line.version ? "version" : line.verb;
    const { chooseRenderer } = await import("./cli/progress/choose.ts");
    // A result that is one JSON document has standard output to itself.
    const json = line.json && findVerb(line.verb)?.events === true;
    renderer = chooseRenderer({ ...line, json }, process, process.env);
    for (const message of line.warnings) renderer.event({ type: "notice", level: "warning", message });
    const run = await verbs[verb]();
    const result = await run(contextOf(line, renderer));
    renderer.end();
    await print(result, line);
    return result.exitCode ?? ExitCode.done;
  } catch (error) {
    renderer?.end();
    await report(error, style);
    return error instanceof UserError ? error.exitCode : ExitCode.failed;
  }
}

function contextOf(line: VerbContext["line"], renderer: Renderer): VerbContext {
  const { getuid, getgid } = process;
  return {
    // For CI, which calls many programs that call caisson.
    line: { ...line, toolsUpdate: line.toolsUpdate || process.env.CAISSON_TOOLS_UPDATE === "1" },
    environment: process.env,
    platform: process.platform,
    user: getuid === undefined || getgid === undefined ? undefined : { uid: getuid(), gid: getgid() },
    terminal: process,
    onEvent: (event) => renderer.event(event),
    endProgress: () => renderer.end(),
    interrupts: catchSignals(),
  };
}

/** The first signal cancels, the second kills, the third ends this process without waiting for anything. */
function catchSignals(): VerbContext["interrupts"] {
  const steps = [new AbortController(), new AbortController()];
  let caught = 0;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      const step = steps[caught++];
      if (step === undefined) process.exit(ExitCode.interrupted);
      if (caught === 1) process.stderr.write("\nStopping; once more to stop at once\n");
      step.abort();
    });
  }
  const [cancel, kill] = steps.map(({ signal }) => signal);
  if (cancel === undefined || kill === undefined) throw new Error("two steps were expected");
  return { cancel, kill };
}

async function print({ text, data, paged }: VerbResult, { json, options }: VerbContext["line"]): Promise<void> {
  if (json) {
    if (data !== undefined) process.stdout.write(`${JSON.stringify(data, undefined, 2)}\n`);
  } else if (text !== undefined) {
    const isLong = paged === true && process.stdout.isTTY === true && !options.noPager;
    if (isLong && (await import("./cli/pager.ts")).showInPager(text, process.env)) return;
    process.stdout.write(text);
  }
}

async function report(error: unknown, { debug, json }: { debug: boolean; json: boolean }): Promise<void> {
  const { errorReport, failureEvent } = await import("./cli/report.ts");
  if (json) process.stdout.write(`${JSON.stringify(failureEvent(error))}\n`);
  else process.stderr.write(errorReport(error, { debug, github: process.env.GITHUB_ACTIONS === "true" }));
}

/** Ends the process after what was written has left it: a pipe may take its time. */
function exit(code: number): void {
  process.exitCode = code;
  process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
}

// A reader that went away, such as head(1), is no failure of ours.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(ExitCode.done);
});
// A bug, wherever it happened; nothing is left to close in good order.
process.on("uncaughtException", (error) => {
  void report(error, { debug: true, json: false }).finally(() => process.exit(ExitCode.failed));
});
exit(await main(process.argv.slice(2)));
