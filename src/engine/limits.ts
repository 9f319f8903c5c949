import { readFile } from "node:fs/promises";
import type { Limits } from "./host-config.ts";

/**
 * The hard limits of this process, which a service that it starts inherits (proc(5), /proc/pid/limits); podman lowers its
 * own limit of processes to the kernel's limit of process ids. Linux only.
 */
export async function processLimits(): Promise<Limits> {
  const { files, processes } = parseLimits(await readFile("/proc/self/limits", "utf8"));
  const ids = Number(await readFile("/proc/sys/kernel/pid_max", "utf8"));
  return { files, processes: Math.min(processes, ids) };
}

/** Throws where a limit is missing: the kernel has written both since 2.6.24. */
export function parseLimits(text: string): Limits {
  const hard = (name: string) => {
    const value = new RegExp(`^${name}\\s+\\S+\\s+(\\S+)`, "m").exec(text)?.[1];
    if (value === undefined) throw new Error(`/proc/self/limits has no "${name}"`);
    return value === "unlimited" ? Number.POSITIVE_INFINITY : Number(value);
  };
  return { files: hard("Max open files"), processes: hard("Max processes") };
}
