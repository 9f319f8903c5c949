import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type Config, settings } from "./settings/index.ts";
import type { Setting } from "./settings/setting.ts";
import { toJson } from "./values/form.ts";

/** An image in the reference's JSON: the settings' names are the keys, null what is not set. */
export type ImageJson = Readonly<Record<string, unknown>>;

export interface SummaryJson {
  /** The default tools tree, or null where none is asked for. */
  Tools: ImageJson | null;
  /** In the order in which they are built. */
  Images: readonly ImageJson[];
  /** Settings that only Caisson has; absent where none of them is set. */
  "X-Caisson"?: ImageJson;
}

/** What `readSummaryJson` of from-json.ts gives back of an image. */
export interface ImageFromJson {
  image: string;
  config: Config;
  files: readonly string[];
}

export interface ImagesFromJson {
  images: readonly ImageFromJson[];
  tools: ImageFromJson | undefined;
}

/** Settings that an image has in the JSON. */
export const jsonRows = (settings as readonly Setting[]).filter(
  ({ inJson, section }) => inJson && section !== "X-Caisson",
);
/** What every image has, in order; BuildSubdirectory is filled in where there is one. */
const keys = [...jsonRows.map(({ name }) => name), "Image", "Files", "BuildSubdirectory"].sort();
const rowOf = new Map(jsonRows.map((row) => [row.name, row]));
/** Settings that only Caisson has. */
export const ownRows = (settings as readonly Setting[]).filter(({ section }) => section === "X-Caisson");

/** The form that the reference's `summary --json` has. */
export function summaryJson({ images, tools }: ImagesFromJson): SummaryJson {
  const own = ownJson(images.at(-1)?.config);
  const encodeOnce = onceEach(encode);
  return {
    Images: images.map((image) => imageJson(image, encodeOnce)),
    Tools: tools === undefined ? null : imageJson(tools, encodeOnce),
    ...(own === undefined ? {} : { "X-Caisson": own }),
  };
}

function ownJson(config: Config | undefined): ImageJson | undefined {
  const isSet = (row: Setting) => !isDeepStrictEqual(config?.[row.name as keyof Config], row.type.empty);
  const set = ownRows.filter((row) => config !== undefined && isSet(row));
  if (set.length === 0) return undefined;
  return Object.fromEntries(set.map((row) => [row.name, encode(row, config?.[row.name as keyof Config])]));
}

/** Images have most of their values in common. */
function onceEach(write: typeof encode): typeof encode {
  const known = new Map<Setting, Map<unknown, unknown>>();
  return (row, value) => {
    const of = known.get(row) ?? new Map<unknown, unknown>();
    if (of.size === 0) known.set(row, of);
    if (!of.has(value)) of.set(value, write(row, value));
    return of.get(value);
  };
}

/** One image in the reference's form, which configure scripts get as well. */
export function imageJson({ image, config, files }: ImageFromJson, write = encode): ImageJson {
  const others: Readonly<Record<string, unknown>> = { Image: image, Files: files, ...buildSubdirectory(image, config) };
  const json: Record<string, unknown> = {};
  for (const key of keys) {
    const row = rowOf.get(key);
    if (row !== undefined) json[key] = write(row, config[key as keyof Config]);
    else if (Object.hasOwn(others, key)) json[key] = others[key];
  }
  return json;
}

/** One value in the reference's form; null where there is none. */
export function encode(row: Setting, value: unknown): unknown {
  return toJson(row.type.form, value);
}

/** Where build scripts work: BuildKey= below BuildDirectory=. */
export function buildSubdirectory(image: string, config: Config): { BuildSubdirectory?: string } {
  if (config.BuildDirectory === undefined) return {};
  const key = expandKey(config.BuildKey, image, config);
  return { BuildSubdirectory: key === "-" ? config.BuildDirectory : join(config.BuildDirectory, key) };
}

/** Replaces `&d` and the like in BuildKey= and CacheKey=, which is done when all is known. */
export function expandKey(text: string, image: string, config: Config): string {
  const values: Record<string, string | undefined> = {
    "&": "&",
    d: config.Distribution,
    r: config.Release,
    a: config.Architecture,
    i: config.ImageId,
    v: config.ImageVersion,
    I: image,
  };
  return text.replace(/&([&a-zA-Z])/g, (_, letter: string) => values[letter] ?? "");
}
