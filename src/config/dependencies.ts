import { describeOrigin } from "./resolve.ts";
import type { ResolvedImage } from "./resolved.ts";
import { configError } from "./values/value-type.ts";

/** What the order is made from. */
interface Dependent {
  image: string;
  config: { readonly Dependencies: readonly string[] };
  origins: ResolvedImage["origins"];
}

/**
 * The images that `main` depends on, themselves or by way of others, each after all that it depends on; among those
 * that could come next, in the order given. Throws UserError `image-not-found`, `dependency-cycle`.
 */
export function dependencyOrder<I extends Dependent>(images: readonly I[], main: I): I[] {
  let waiting = needed(images, main);
  const ordered: I[] = [];
  while (waiting.length > 0) {
    const isWaiting = (name: string) => waiting.some(({ image }) => image === name);
    const ready = waiting.filter(({ config }) => !config.Dependencies.some(isWaiting));
    if (ready.length === 0) throw cycle(waiting);
    ordered.push(...ready);
    waiting = waiting.filter((image) => !ready.includes(image));
  }
  return ordered;
}

function needed<I extends Dependent>(images: readonly I[], main: I): I[] {
  const byName = new Map(images.map((image) => [image.image, image]));
  const found = new Set<I>();
  const queue: I[] = [main];
  for (let dependent = queue.shift(); dependent !== undefined; dependent = queue.shift()) {
    for (const name of dependent.config.Dependencies) {
      const image = byName.get(name);
      if (image === undefined) throw notFound(name, dependent, [...byName.keys()]);
      if (!found.has(image)) queue.push(image);
      found.add(image);
    }
  }
  return images.filter((image) => found.has(image));
}

function notFound(name: string, { image, origins }: Dependent, known: string[]) {
  const [last] = (origins.Dependencies ?? []).slice(-1);
  const place = last === undefined ? "" : `${describeOrigin(last)}: `;
  const images = known.length === 0 ? "There are no subimages" : `Images are ${known.join(", ")}`;
  const message = `${place}Dependencies= of the image ${image} names ${name}, which is none`;
  return configError("image-not-found", message, images);
}

function cycle(images: readonly Dependent[]) {
  const needs = images.map(({ image, config }) => `${image} needs ${config.Dependencies.join(", ")}`);
  return configError("dependency-cycle", `Dependencies= of images form a circle: ${needs.join("; ")}`);
}
