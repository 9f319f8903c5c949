import type { Engine, Image } from "../../src/engine/engine.ts";
import { KEY_LABEL } from "../../src/tools/image.ts";

/** The tools images that the engine has; a build has made one. */
export async function toolsImages(engine: Engine): Promise<Image[]> {
  return engine.listImages(KEY_LABEL);
}
