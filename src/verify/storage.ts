import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "../engine/discover.ts";
import type { Engine } from "../engine/engine.ts";
import { thisHost } from "../engine/host.ts";
import { startPodmanService } from "../engine/service.ts";
import { UserError } from "../errors.ts";
import { run } from "../process/spawn.ts";
import { interruptible } from "../session/interrupts.ts";
import type { Session } from "../session/session.ts";
import type { Variation } from "./variations.ts";

export interface OtherStorage {
  /** That of the session where there is no other storage. */
  engine: Engine;
  variation: Variation;
  close(): Promise<void>;
}

interface StorageOptions {
  session: Session;
  folder: string;
  environment: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
}

/** Containers in another storage of the same podman, with another driver, that has the tools image and nothing else. */
export async function otherStorage(options: StorageOptions, image: string): Promise<OtherStorage> {
  const { session, folder, platform } = options;
  const info = await session.engine.info();
  const first = `${info.storageDriver} at ${info.storagePath}`;
  const same = (reason: string): OtherStorage => ({
    engine: session.engine,
    variation: { name: "engine's storage", first, reason },
    close: async () => undefined,
  });
  if (session.engine.name !== "podman") return same("docker has one storage");
  if (platform !== "linux" || session.engine.remote) return same("the engine runs on another machine");
  if (process.getuid?.() !== 0 && !session.engine.rootless) return same("it is root's");
  const driver = info.storageDriver === "vfs" ? "overlay" : "vfs";
  try {
    const opened = await open({ ...options, driver }, image);
    const second = `${driver} at ${join(folder, "storage")}`;
    return { ...opened, variation: { name: "engine's storage", first, second } };
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== "engine-service") throw error;
    return same(error.message);
  }
}

async function open(
  { session, folder, environment, platform, driver }: StorageOptions & { driver: string },
  image: string,
): Promise<Pick<OtherStorage, "engine" | "close">> {
  const root = join(folder, "storage");
  const state = join(folder, "storage-state");
  // Podman puts what it loads there first.
  const temporary = join(folder, "storage-temporary");
  for (const path of [root, state, temporary]) await mkdir(path);
  const words = [`--root=${root}`, `--runroot=${state}`, `--storage-driver=${driver}`];
  const service = await startPodmanService(thisHost({ ...environment, TMPDIR: temporary }, platform), words);
  const remove = async () => {
    await service.close();
    // Files of a rootless engine belong to ids that only its own namespace can remove.
    const own = session.engine.rootless ? ["podman", "unshare"] : [];
    const [command = "rm", ...rest] = [...own, "rm", "--recursive", "--force", root, state, temporary];
    await run(command, rest, { environment });
  };
  try {
    const engine = await connect({ engine: service.address, environment, platform });
    const loading = session.engine.saveImage(image).then((archive) => engine.loadImage(archive));
    await interruptible(session.interrupts, loading);
    const close = async () => {
      await engine.close();
      await remove();
    };
    return { engine, close };
  } catch (error) {
    await remove();
    throw error;
  }
}
