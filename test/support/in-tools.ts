import { text } from "node:stream/consumers";
import type { Engine } from "../../src/engine/engine.ts";

/** Where a script of `inTools` finds its folder. */
const FOLDER = "/fixture";

/** Runs a shell script in a tools image, in the folder, as root of the container; gives back what it printed. */
export async function inTools(engine: Engine, image: string, folder: string, script: string): Promise<string> {
  const container = await engine.start({
    image,
    command: ["sh", "-euc", `cd ${FOLDER}\n${script}`],
    mounts: [{ kind: "bind", source: folder, target: FOLDER, readOnly: false }],
    network: "none",
    capable: true,
  });
  try {
    const [output, errors, code] = await Promise.all([
      text(container.stdout),
      text(container.stderr),
      container.wait(),
    ]);
    if (code !== 0) throw new Error(`exit code ${code}: ${errors}`);
    return output;
  } finally {
    await container.remove();
  }
}
