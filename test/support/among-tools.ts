import { text } from "node:stream/consumers";
import type { Engine } from "../../src/engine/engine.ts";
import { toolsImages } from "./tools.ts";

/** Where a folder that is handed to the tools container lies in it. */
export const INSIDE = "/inside";

/**
 * Runs a shell script among the tools of the newest tools image, without a network, with the folder at INSIDE; gives
 * back what it printed. Throws what it said where it failed.
 */
export async function amongTools(engine: Engine, folder: string, script: string): Promise<string> {
  const images = await toolsImages(engine);
  const [newest] = images.sort((a, b) => b.created.getTime() - a.created.getTime());
  if (newest === undefined) throw new Error("the engine has no tools image: a build makes one");
  const mounts = [{ kind: "bind" as const, source: folder, target: INSIDE, readOnly: false }];
  const command = ["bash", "-euo", "pipefail", "-c", `cd ${INSIDE}\n${script}`];
  const container = await engine.start({ image: newest.id, command, mounts, network: "none" });
  try {
    const [output, errors, code] = await Promise.all([
      text(container.stdout),
      text(container.stderr),
      container.wait(),
    ]);
    if (code !== 0) throw new Error(`exit code ${code}:\n${script}\n${output}\n${errors}`);
    return output;
  } finally {
    await container.remove();
  }
}
