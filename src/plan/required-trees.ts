import type { ResolvedImage, ResolvedProject } from "../config/index.ts";
import { describeOrigin } from "../config/resolve.ts";
import { isOciReference } from "../config/values/oci-reference.ts";
import { configError } from "../config/values/value-type.ts";
import { isEarlierOutput } from "./outputs.ts";

/**
 * What BaseTrees= names has to be there, or be made by an image that is built before. Throws UserError `file-not-found`,
 * `overlay-without-base`, `packages-without-base`.
 */
export function requireTrees(project: ResolvedProject, exists: (path: string) => boolean): void {
  for (const image of project.images) {
    const { BaseTrees, Overlay } = image.config;
    const missing = BaseTrees.find(
      (path) => !isOciReference(path) && !exists(path) && !isEarlierOutput(path, image.image, project),
    );
    if (missing !== undefined) throw notFound(missing, image);
    if (Overlay && BaseTrees.length === 0)
      throw configError(
        "overlay-without-base",
        `${place(image, "Overlay")}Overlay= of the image ${image.image} needs BaseTrees=, which its output is compared with`,
      );
  }
}

function notFound(path: string, image: ResolvedImage) {
  const message = `${place(image, "BaseTrees")}BaseTrees= names ${path}, which does not exist, nor does an image before ${image.image} make it`;
  return configError("file-not-found", message, "The output of a subimage is named as %O/NAME, with Dependencies=NAME");
}

function place({ origins }: ResolvedImage, setting: "BaseTrees" | "Overlay"): string {
  const origin = origins[setting]?.at(-1);
  return origin === undefined ? "" : `${describeOrigin(origin)}: `;
}
