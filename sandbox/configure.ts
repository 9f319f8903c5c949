import { posix } from "node:path";
import { BuildError, ToolError } from "./errors.ts";
import { currentStep, type Emit, step } from "./events.ts";
import { type ConfigurePlan, ExitCode, SOURCES_PATH, SRCDIR, WORK_PATH } from "./protocol.ts";
import { type Bind, makeRun, type Run, type RunOptions } from "./run.ts";

type Image = ConfigurePlan["images"][number];
type Script = Image["scripts"][number];
type Settings = Image["settings"];

const SCRIPT = `${WORK_PATH}/configure`;
/** What a failure carries of its output: lines, and characters of each. */
const KEPT_LINES = 20;
const KEPT_CHARACTERS = 200;

/**
 * Runs every script of the plan. Each gets its image's settings on standard input and prints those that it wants other;
 * what it prints is sent to the host, which knows what a setting may be. Throws BuildError `configure-failed`.
 */
export async function configure(plan: ConfigurePlan, session: { emit: Emit; signal: AbortSignal }): Promise<void> {
  const { emit, signal } = session;
  const run = makeRun({ onLine: (line) => emit({ type: "log", id: currentStep(), line }), signal });
  for (const image of plan.images) {
    let { settings } = image;
    for (const script of image.scripts) {
      const title = `Running the configure script ${script.file}`;
      const printed = await step(emit, image.name, title, () => runScript(script, image, settings, run));
      emit({ type: "configured", image: image.name, file: script.file, settings: printed });
      settings = { ...settings, ...printed };
    }
  }
}

async function runScript(script: Script, image: Image, settings: Settings, run: Run): Promise<Settings> {
  const options = runOptions(script, image, settings);
  try {
    const { stdout } = await run([SCRIPT], options);
    return readSettings(stdout, script);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const reason = error.message.slice(`${SCRIPT} `.length);
    throw failure(script, `the configure script ${reason}`, error.tail);
  }
}

export function runOptions(script: Script, image: Image, settings: Settings): RunOptions {
  return {
    binds: [{ source: mounted(script.source), target: SCRIPT, readOnly: true }, ...sourceBinds(image)],
    folders: [SRCDIR],
    workingDirectory: SRCDIR,
    environment: image.environment,
    input: `${JSON.stringify(settings)}\n`,
    stdout: "capture",
  };
}

/** Outer folders before those that lie in them, which they would hide. */
function sourceBinds({ sources }: Image): Bind[] {
  const binds = sources.map(({ source, target }) => {
    return { source: mounted(source), target: posix.join(SRCDIR, target).replace(/\/$/, ""), readOnly: true };
  });
  return binds.sort((a, b) => a.target.split("/").length - b.target.split("/").length);
}

function mounted(source: string): string {
  return `${SOURCES_PATH}/${source}`;
}

/** Throws BuildError `configure-failed` for anything but a JSON object. */
export function readSettings(text: string, script: Script): Settings {
  const lines = text.trimEnd().split("\n");
  if (text.trim() === "") throw failure(script, "the configure script printed nothing, where JSON is expected", []);
  const settings = parse(text, (reason) =>
    failure(script, `the configure script printed no JSON: ${reason.replaceAll("\n", " ")}`, lines),
  );
  if (typeof settings === "object" && settings !== null && !Array.isArray(settings)) return settings as Settings;
  throw failure(script, "the configure script printed JSON that is no object", lines);
}

function parse(text: string, problem: (reason: string) => Error): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw problem((error as Error).message);
  }
}

function failure({ file }: Script, message: string, tail: string[]): BuildError {
  return new BuildError("configure-failed", `${file}: ${message}`, {
    exitCode: ExitCode.usage,
    tail: tail.slice(-KEPT_LINES).map((line) => line.slice(0, KEPT_CHARACTERS)),
  });
}
