import { isDeepStrictEqual } from "node:util";
import type { Event } from "../../sandbox/protocol.ts";
import { nearest } from "../cli/suggest.ts";
import { dependencyOrder } from "../config/dependencies.ts";
import { decode } from "../config/from-json.ts";
import { type Config, type ResolvedImage, type ResolvedProject, type Setting, settings } from "../config/index.ts";
import { imageJson } from "../config/json.ts";
import { isFilename } from "../config/values/scalars.ts";
import { configError } from "../config/values/value-type.ts";
import { UserError } from "../errors.ts";
import { type FormatName, formats } from "../formats/index.ts";

export type Configured = Extract<Event, { type: "configured" }>;

/** Those that `imageJson` has. */
const rows = (settings as readonly Setting[]).filter(({ inJson, section }) => inJson && section !== "X-Caisson");
const byName = new Map(rows.map((row) => [row.name, row]));

/**
 * The project with what configure scripts printed, in the order in which they ran. What a script does not name stays as
 * it is. Throws UserError `configure-invalid`, which names the script; `image-not-found`, `dependency-cycle`.
 */
export function applyConfigured(project: ResolvedProject, printed: readonly Configured[]): ResolvedProject {
  const change = (image: ResolvedImage) =>
    printed.filter((each) => each.image === image.image).reduce(changeImage, image);
  const main = change(project.main);
  const others = project.images.slice(0, -1).map(change);
  return { ...project, main, images: [...dependencyOrder(others, main), main] };
}

function changeImage(image: ResolvedImage, { file, settings }: Configured): ResolvedImage {
  // As JSON has it, without the properties that are undefined.
  const before: Record<string, unknown> = JSON.parse(JSON.stringify(imageJson(image)));
  const names = Object.keys(settings).filter((name) => isChange(name, settings[name], before));
  const values = names.map((name) => [name, readValue(name, settings[name], image, file)]);
  if (names.includes("Format") && !names.includes("OutputExtension") && isFormats(image))
    values.push(["OutputExtension", formats[Object.fromEntries(values).Format as FormatName].extension]);
  const origins = names.map((name) => [name, [{ kind: "default file", file, conditions: [] }]]);
  return {
    ...image,
    config: { ...image.config, ...(Object.fromEntries(values) as Partial<Config>) },
    origins: { ...image.origins, ...(Object.fromEntries(origins) as ResolvedImage["origins"]) },
  };
}

/** Whether the extension is that of the format, and changes with it. */
function isFormats({ config }: ResolvedImage): boolean {
  return config.OutputExtension === formats[config.Format].extension;
}

/** BuildSubdirectory follows from other settings. */
function isChange(name: string, value: unknown, before: Record<string, unknown>): boolean {
  return name !== "BuildSubdirectory" && !(Object.hasOwn(before, name) && isDeepStrictEqual(value, before[name]));
}

function readValue(name: string, json: unknown, image: ResolvedImage, file: string): unknown {
  const row = byName.get(name);
  if (row === undefined) throw unknown(name, image, file);
  if (json === null && !(row.clearable && row.type.empty === undefined)) {
    throw problem(file, `${name} of the image ${image.image} cannot be null`);
  }
  const value = read(row, json, image, file);
  if (row.kind === "filename" && typeof value === "string" && !isFilename(value)) {
    throw problem(file, `${name} of the image ${image.image}: expected a file name without a folder, not ${value}`);
  }
  return value;
}

function read(row: Setting, json: unknown, { image }: ResolvedImage, file: string): unknown {
  try {
    return decode(row, json, image);
  } catch (error) {
    throw error instanceof UserError ? problem(file, error.message) : error;
  }
}

function unknown(name: string, image: ResolvedImage, file: string): UserError {
  const fixed = ["Image", "Files"].includes(name);
  if (fixed) return problem(file, `${name} of the image ${image.image} cannot be changed`);
  const guess = nearest(name, byName.keys());
  const meant = guess === undefined ? "" : `; did you mean ${guess}?`;
  return problem(file, `printed the unknown setting ${name} for the image ${image.image}${meant}`);
}

function problem(file: string, message: string): UserError {
  return configError("configure-invalid", `${file}: ${message}`, "A configure script prints settings as it gets them");
}
