import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Engine } from "../engine/engine.ts";
import { isAlive } from "../process/alive.ts";

const PREFIX = "caisson-verify-";

/** Where two builds of a verification lie, beside everything that is the user's. */
export interface VerifyPlace {
  folder: string;
  /** Name of a volume for the second build, which begins with an empty cache. */
  volume: string;
}

/** Images are large: not where temporary files are kept in memory (file-hierarchy(7)). */
export function placeFolder({ environment, platform }: Pick<PlaceContext, "environment" | "platform">): string {
  return environment.TMPDIR ?? (platform === "linux" ? "/var/tmp" : tmpdir());
}

interface PlaceContext {
  environment: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  engine: Engine;
}

/** Makes a place, after removing those of killed processes. Whoever calls it removes it. */
export async function makePlace(
  context: PlaceContext,
  remove: (place: VerifyPlace) => Promise<void>,
): Promise<VerifyPlace> {
  const base = placeFolder(context);
  for (const name of (await readdir(base)).filter(isAbandoned))
    await remove({ folder: join(base, name), volume: name });
  for (const name of (await context.engine.listVolumes(PREFIX)).filter(isAbandoned))
    await context.engine.removeVolume(name);
  const folder = await mkdtemp(join(base, `${PREFIX}${process.pid}-`));
  return { folder, volume: folder.slice(base.length + 1) };
}

/** Whether a name is one of a process that has ended. */
export function isAbandoned(name: string): boolean {
  const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
  return pid !== undefined && !isAlive(Number(pid));
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
