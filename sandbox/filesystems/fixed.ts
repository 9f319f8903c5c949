import { stoppedClock } from "../signing/clock.ts";
import type { FilesystemJob } from "./filesystem.ts";

/**
 * The words before a tool that asks the clock for times and the kernel for random ids: both become the build's own. What
 * else goes into a random id (libuuid: the process id) is the same in every namespace.
 */
export function fixed({ context }: FilesystemJob): string[] {
  const seed = `0x${context.seed.replaceAll("-", "").slice(0, 16)}`;
  const variables = { ...stoppedClock(context.epoch), FAKERANDOM_SEED: seed };
  return ["env", ...Object.entries(variables).map(([name, value]) => `${name}=${value}`)];
}
