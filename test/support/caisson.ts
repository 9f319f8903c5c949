import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { execa } from "execa";
import { Event, type FailureEvent } from "../../sandbox/protocol.ts";

/** The command line as it is delivered. `make build` makes it. */
export const cli = resolve("dist/caisson.mjs");

export interface Outcome {
  code: number | undefined;
  events: Event[];
  /** The event of what went wrong. */
  error: FailureEvent | undefined;
  stderr: string;
}

export interface Options {
  /** Another command line than `cli`. */
  program?: string;
  env?: Record<string, string>;
  /** Called with the running process. */
  onStart?: (child: { pid?: number | undefined; kill(signal: "SIGKILL" | "SIGINT"): boolean }) => void | Promise<void>;
  /** Called for each event as it comes. */
  onEvent?: (event: Event) => void;
}

/** Runs `caisson --json ARGUMENTS` in the folder; an exit code other than 0 does not throw. */
export async function caisson(folder: string, args: string[], options: Options = {}): Promise<Outcome> {
  const child = execa(process.execPath, [options.program ?? cli, "--json", ...args], {
    cwd: folder,
    reject: false,
    stdin: "ignore",
    env: options.env ?? {},
    maxBuffer: 1 << 28,
  });
  const started = options.onStart?.(child);
  const events: Event[] = [];
  for await (const line of child.iterable({ from: "stdout" })) {
    const event = parseEvent(String(line));
    if (event === undefined) continue;
    events.push(event);
    options.onEvent?.(event);
  }
  const [{ exitCode, stderr }] = await Promise.all([child, started]);
  return { code: exitCode, events, error: events.find((event) => event.type === "error"), stderr };
}

/** As `caisson`; throws what it said where it did not end with 0. */
export async function succeed(folder: string, args: string[], options: Options = {}): Promise<Outcome> {
  const outcome = await caisson(folder, args, options);
  if (outcome.code === 0) return outcome;
  const error = JSON.stringify(outcome.error, undefined, 2);
  throw new Error(`caisson ${args.join(" ")}: exit code ${outcome.code}\n${error}\n${outcome.stderr}`);
}

/** The events in what `caisson --json` printed. */
export function parseEvents(stdout: string): Event[] {
  return stdout.split("\n").flatMap((line) => parseEvent(line) ?? []);
}

/** Plain results, such as that of `summary --json`, are no events. */
function parseEvent(line: string): Event | undefined {
  if (!line.startsWith('{"type":')) return undefined;
  return Event.parse(JSON.parse(line));
}

/** Makes a folder with the files: text by path; a name that ends with `/` is an empty folder. */
export async function project(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "caisson-test-"));
  await addFiles(folder, files);
  return folder;
}

export async function addFiles(folder: string, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(name.endsWith("/") ? path : dirname(path), { recursive: true });
    if (!name.endsWith("/")) await writeFile(path, text);
  }
}

export async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** What lies in a folder, sorted. */
export async function names(folder: string): Promise<string[]> {
  return (await readdir(folder)).sort();
}
