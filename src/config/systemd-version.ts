import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { packageRoot } from "../tools/root.ts";

const Lock = z.object({
  architectures: z.record(
    z.string(),
    z.object({ packages: z.array(z.object({ name: z.string(), version: z.string() })) }),
  ),
});

/**
 * The major version of systemd that SystemdVersion= is compared with: that of the pinned tools image, since its programs are
 * the ones that build. The host's own does not count, and need not exist.
 */
export function systemdVersion(): string {
  const lock = Lock.parse(JSON.parse(readFileSync(join(packageRoot(), "tools-images/debian/lock.json"), "utf8")));
  const packages = Object.values(lock.architectures).flatMap((architecture) => architecture.packages);
  const version = packages.find(({ name }) => name === "systemd")?.version;
  if (version === undefined) throw new Error("the tools image has no systemd");
  return /^\d+/.exec(version)?.[0] ?? version;
}
