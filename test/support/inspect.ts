import { text } from "node:stream/consumers";
import type { Engine } from "../../src/engine/engine.ts";
import { toolsImages } from "./tools.ts";

/** Where a script sees the folder that it is to look at, read-only. */
export const INPUT = "/input";

/**
 * Runs a shell script in a container of the tools image, as its root, so that it may unpack what belongs to many
 * owners; `$1` … are `words`. Nothing of Caisson's own code runs there. Gives back what it printed.
 */
export async function inspect(engine: Engine, folder: string, script: string, words: string[] = []): Promise<string> {
  const image = (await toolsImages(engine)).sort((a, b) => b.created.getTime() - a.created.getTime())[0];
  if (image === undefined) throw new Error("there is no tools image: a build makes it");
  const container = await engine.start({
    image: image.id,
    command: ["bash", "-euo", "pipefail", "-c", script, "inspect", ...words],
    mounts: [{ kind: "bind", source: folder, target: INPUT, readOnly: true }],
    network: "none",
  });
  try {
    const streams = [text(container.stdout), text(container.stderr), container.wait()] as const;
    const [output, errors, code] = await Promise.all(streams);
    if (code !== 0) throw new Error(`${words.join(" ")}: exit code ${code}: ${errors}${output.slice(-2000)}`);
    return output;
  } finally {
    await container.remove();
  }
}
