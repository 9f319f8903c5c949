import { existsSync } from "node:fs";
import { chmod, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../../context.ts";
import { APT_ENVIRONMENT } from "./options.ts";

/**
 * Runs `work`, during which no maintainer script starts a service (invoke-rc.d(8), policy-rc.d). A policy that the
 * image brings itself stays.
 */
export async function withPolicy(root: string, work: () => Promise<void>): Promise<void> {
  const policy = join(root, "usr/sbin/policy-rc.d");
  if (existsSync(policy)) return work();
  await writeFile(policy, "#!/bin/sh\nexit 101\n");
  await chmod(policy, 0o755);
  await work();
  await rm(policy);
}

/** Runs the tools image's dpkg on the tree, its maintainer scripts in it. */
export async function dpkg(context: Context, root: string, words: string[]): Promise<void> {
  const environment = { ...context.image.environment, ...APT_ENVIRONMENT };
  await context.run(["dpkg", ...words], { root, apivfs: true, environment });
}
