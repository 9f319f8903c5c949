import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Labels of every container that Caisson starts. */
export const Label = {
  /** The build's name. */
  build: "caisson.build",
  /** Process id of the command line that started it. */
  pid: "caisson.pid",
  /** When that process started, to tell it from a later one of the same id. */
  started: "caisson.started",
  /** Where that process id means something. */
  host: "caisson.host",
} as const;

export interface Identity {
  /** One boot of one machine and one process id namespace. */
  host: string;
  pid: number;
  /** Empty where the system does not say. */
  started: string;
  /** When a process of this host started; undefined where there is none of that id. */
  startOf(pid: number): string | undefined;
}

/** Who runs this: for labels, and to find out whether the owner of a label still lives. */
export function ownIdentity(): Identity {
  return { host: hostKey(), pid: process.pid, started: processStart(process.pid) ?? "", startOf: processStart };
}

/** The labels that tie a container to its build and to this process. */
export function ownLabels(build: string, identity: Identity): Record<string, string> {
  return {
    [Label.build]: build,
    [Label.pid]: String(identity.pid),
    [Label.started]: identity.started,
    [Label.host]: identity.host,
  };
}

function hostKey(): string {
  const parts =
    process.platform === "linux"
      ? [readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(), readlinkSync("/proc/self/ns/pid")]
      : [hostname()];
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 16);
}

/** Field 22 of /proc/PID/stat (proc_pid_stat(5)) on Linux; elsewhere only whether the process lives. */
function processStart(pid: number): string | undefined {
  if (process.platform !== "linux") return isAlive(pid) ? "" : undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The command's name, in parentheses, may hold spaces and parentheses itself.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ESRCH") return false;
    if (code === "EPERM") return true;
    throw error;
  }
}
