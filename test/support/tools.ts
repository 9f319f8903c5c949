import type { Engine, Image } from "../../src/engine/engine.ts";
import { KEY_LABEL } from "../../src/tools/image.ts";

/** The tools images that the engine has; a build has made one. */
export async function toolsImages(engine: Engine): Promise<Image[]> {
  return engine.listImages(KEY_LABEL);
}

/** The one that was made last. */
export async function newestToolsImage(engine: Engine): Promise<string> {
  const [newest] = (await toolsImages(engine)).sort((a, b) => b.created.getTime() - a.created.getTime());
  if (newest === undefined) throw new Error("there is no tools image");
  return newest.id;
}
