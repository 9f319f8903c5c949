import { text } from "node:stream/consumers";
import type { Engine } from "../../src/engine/engine.ts";
import { newestToolsImage } from "./tools.ts";

/** Where a script finds its folder. */
export const INSIDE = "/inside";

/**
 * Runs a bash script in a container of the newest tools image, in the folder, as root of the container and without a
 * network; gives back what it printed. Nothing of Caisson's own code runs there. Throws what it said where it failed.
 */
export async function inTools(
  engine: Engine,
  folder: string,
  script: string,
  { capable = false }: { capable?: boolean } = {},
): Promise<string> {
  const container = await engine.start({
    image: await newestToolsImage(engine),
    command: ["bash", "-euo", "pipefail", "-c", `cd ${INSIDE}\n${script}`],
    mounts: [{ kind: "bind", source: folder, target: INSIDE, readOnly: false }],
    network: "none",
    capable,
  });
  try {
    const streams = [text(container.stdout), text(container.stderr), container.wait()] as const;
    const [output, errors, code] = await Promise.all(streams);
    if (code !== 0) throw new Error(`exit code ${code}:\n${script}\n${output.slice(-2000)}\n${errors}`);
    return output;
  } finally {
    await container.remove();
  }
}
