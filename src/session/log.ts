import { createWriteStream } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { ExitCode } from "../../sandbox/exit-code.ts";
import { UserError } from "../errors.ts";

const keptLogs = 20;

/** The whole story of one run, for after a failure. */
export interface Log {
  readonly path: string;
  write(line: string): void;
  close(): Promise<void>;
}

/** `$XDG_STATE_HOME/caisson/logs` of the XDG Base Directory Specification. */
export function logDirectory(environment: NodeJS.ProcessEnv): string {
  const state = environment.XDG_STATE_HOME;
  // The specification says that a relative path is invalid and to be ignored.
  const base = state?.startsWith("/") ? state : join(environment.HOME ?? homedir(), ".local", "state");
  return join(base, "caisson", "logs");
}

/** Opens `<date>-<id>.log`, and removes all but the newest logs. */
export async function openLog(environment: NodeJS.ProcessEnv, id: string, now: Date = new Date()): Promise<Log> {
  const directory = logDirectory(environment);
  await makeLogDirectory(directory);
  const path = join(directory, `${now.toISOString().replaceAll(":", "").replace(/\..*/, "Z")}-${id}.log`);
  const stream = createWriteStream(path, { flags: "a" });
  const written = finished(stream);
  // Looked at in close(): a full disk ends the log, and must not end the process on the spot.
  written.catch(() => undefined);
  return {
    path,
    write: (line) => {
      if (!stream.destroyed) stream.write(`${line}\n`);
    },
    close: async () => {
      if (!stream.destroyed) stream.end();
      await written;
    },
  };
}

async function makeLogDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await removeOldLogs(directory);
  } catch (cause) {
    throw new UserError("no-log-directory", `Cannot keep logs in ${directory}: ${(cause as Error).message}`, {
      exitCode: ExitCode.host,
      hint: "Make the folder writable, or set XDG_STATE_HOME to one that is",
      cause,
    });
  }
}

/** Names begin with the date, so that their order is that of time. */
async function removeOldLogs(directory: string): Promise<void> {
  const logs = (await readdir(directory)).filter((name) => name.endsWith(".log")).sort();
  const old = logs.slice(0, Math.max(0, logs.length - (keptLogs - 1)));
  await Promise.all(old.map((name) => rm(join(directory, name), { force: true })));
}
