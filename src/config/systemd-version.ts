import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../tools/root.ts";

/** The part of tools-images/debian/lock.json that matters here. */
interface Lock {
  architectures: Record<string, { packages: { name: string; version: string }[] }>;
}

/**
 * The major version of systemd that SystemdVersion= is compared with: that of the pinned tools image, since its programs are
 * the ones that build. The host's own does not count, and need not exist.
 */
export function systemdVersion(): string {
  const lock: Lock = JSON.parse(readFileSync(join(packageRoot(), "tools-images/debian/lock.json"), "utf8"));
  const packages = Object.values(lock.architectures).flatMap((architecture) => architecture.packages);
  const version = packages.find(({ name }) => name === "systemd")?.version;
  if (version === undefined) throw new Error("the tools image has no systemd");
  return /^\d+/.exec(version)?.[0] ?? version;
}
