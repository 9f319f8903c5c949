import type { ResolvedImage, ResolvedProject } from "../config/index.ts";
import { describeOrigin } from "../config/resolve.ts";
import { isOciReference } from "../config/values/oci-reference.ts";
import { configError } from "../config/values/value-type.ts";
import { type Format, formats } from "../formats/index.ts";
import { isEarlierOutput } from "./outputs.ts";

/**
 * What BaseTrees= names has to be there, or be made by an image that is built before. Throws UserError `file-not-found`,
 * `overlay-without-base`, `packages-without-base`, `overlay-portable`.
 */
export function requireTrees(project: ResolvedProject, exists: (path: string) => boolean): void {
  for (const image of project.images) {
    const { BaseTrees, Overlay, Packages, Format: name } = image.config;
    const format: Format = formats[name];
    const missing = BaseTrees.find(
      (path) => !isOciReference(path) && !exists(path) && !isEarlierOutput(path, image.image, project),
    );
    if (missing !== undefined) throw notFound(missing, image);
    if (Overlay && BaseTrees.length === 0)
      throw configError(
        "overlay-without-base",
        `${place(image, "Overlay")}Overlay= of the image ${image.image} needs BaseTrees=, which its output is compared with`,
      );
    if (format.extends && Packages.length > 0 && BaseTrees.length === 0)
      throw configError(
        "packages-without-base",
        `${place(image, "Packages")}Packages= of the image ${image.image} needs BaseTrees=: with Format=${name} it holds no system of its own that packages could be installed in`,
        "Name the system that it goes over with BaseTrees=, and set Overlay=yes",
      );
    if (name === "portable" && Overlay)
      throw configError(
        "overlay-portable",
        `${place(image, "Overlay")}Overlay= of the image ${image.image} cannot go with Format=portable: a portable service brings its whole system`,
        "Format=sysext makes what is laid over one (portablectl --extension=)",
      );
  }
}

function notFound(path: string, image: ResolvedImage) {
  const message = `${place(image, "BaseTrees")}BaseTrees= names ${path}, which does not exist, nor does an image before ${image.image} make it`;
  return configError("file-not-found", message, "The output of a subimage is named as %O/NAME, with Dependencies=NAME");
}

function place({ origins }: ResolvedImage, setting: "BaseTrees" | "Overlay" | "Packages"): string {
  const origin = origins[setting]?.at(-1);
  return origin === undefined ? "" : `${describeOrigin(origin)}: `;
}
