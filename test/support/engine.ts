import { text } from "node:stream/consumers";
import { STORE_PATH } from "../../sandbox/protocol.ts";
import { connect } from "../../src/engine/discover.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { Label } from "../../src/session/identity.ts";
import { storeVolume } from "../../src/session/worker.ts";

/** The engine that the command line would find, for as long as `use` takes. */
export async function withEngine<T>(use: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await connect({ environment: process.env, platform: process.platform });
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}

/** Build containers that are there, running or not. */
export async function buildContainers(engine: Engine): Promise<string[]> {
  return (await engine.listContainers(Label.build)).map(({ id }) => id);
}

/** Runs a command in a container of the image, with the store mounted; gives back what it printed. */
export async function inStore(engine: Engine, image: string, command: string[]): Promise<string> {
  const mounts = [{ kind: "volume" as const, source: storeVolume, target: STORE_PATH, readOnly: false }];
  const container = await engine.start({ image, command, mounts, network: "none" });
  try {
    const [output, errors, code] = await Promise.all([
      text(container.stdout),
      text(container.stderr),
      container.wait(),
    ]);
    if (code !== 0) throw new Error(`${command.join(" ")}: exit code ${code}: ${errors}`);
    return output;
  } finally {
    await container.remove();
  }
}
