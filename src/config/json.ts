import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { type Config, settings } from "./settings/index.ts";
import type { Setting } from "./settings/setting.ts";
import { configError } from "./values/value-type.ts";

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

/** What `readSummaryJson` gives back of an image. */
export interface ImageFromJson {
  image: string;
  config: Config;
  files: readonly string[];
}

export interface ImagesFromJson {
  images: readonly ImageFromJson[];
  tools: ImageFromJson | undefined;
}

const rows = (settings as readonly Setting[]).filter(({ inJson, section }) => inJson && section !== "X-Caisson");
/** What every image has, in order; BuildSubdirectory is filled in where there is one. */
const keys = [...rows.map(({ name }) => name), "Image", "Files", "BuildSubdirectory"].sort();
const rowOf = new Map(rows.map((row) => [row.name, row]));
const ownRows = (settings as readonly Setting[]).filter(({ section }) => section === "X-Caisson");

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

/** Reads what `summaryJson` wrote. Throws UserError `invalid-json`, with the setting's name. */
export function readSummaryJson(json: unknown): ImagesFromJson {
  const shape = Summary.safeParse(json);
  if (!shape.success) throw configError("invalid-json", "Expected an object with the keys Images and Tools");
  const { Images, Tools, "X-Caisson": own } = shape.data;
  const images = Images.map(readImageJson);
  const main = images.at(-1);
  if (main !== undefined) main.config = { ...main.config, ...valuesOf(ownRows, own, main.image) };
  return { images, tools: Tools === null ? undefined : readImageJson(Tools) };
}

const Summary = z.object({
  Images: z.array(z.unknown()),
  Tools: z.unknown().default(null),
  "X-Caisson": z.record(z.string(), z.unknown()).default({}),
});

/** Settings that the JSON leaves out have their empty value. Throws UserError `invalid-json`. */
export function readImageJson(json: unknown): ImageFromJson {
  const shape = z.looseObject({ Image: z.string(), Files: z.array(z.string()).default([]) }).safeParse(json);
  if (!shape.success) throw configError("invalid-json", "Expected an image: an object with the key Image");
  const { Image: image, Files: files, BuildSubdirectory: _, ...values } = shape.data;
  // What the JSON leaves out of an image is in none of them: settings that only say what others are made of.
  const others = Object.fromEntries((settings as readonly Setting[]).map(({ name, type }) => [name, type.empty]));
  // The schemas of the rows are what the type is made from.
  return { image, files, config: { ...others, ...valuesOf(rows, values, image) } as unknown as Config };
}

/** Throws UserError `invalid-json` for a value that does not fit, and for a name that is none of the rows'. */
function valuesOf(of: readonly Setting[], values: Record<string, unknown>, image: string): Record<string, unknown> {
  const unknown = Object.keys(values).find((name) => !of.some((row) => row.name === name));
  if (unknown !== undefined) {
    throw configError("invalid-json", `The image ${image} has the unknown setting ${unknown}`);
  }
  return Object.fromEntries(of.map((row) => [row.name, decode(row, values[row.name], image)]));
}

/** One value in the reference's form; null where there is none. */
export function encode(row: Setting, value: unknown): unknown {
  return value === undefined ? null : z.encode(row.type.schema, value);
}

/** Throws UserError `invalid-json`, which names the setting. */
export function decode(row: Setting, value: unknown, image: string): unknown {
  if (value === undefined) return row.type.empty;
  if (value === null) return undefined;
  const result = z.safeDecode(row.type.schema, value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw configError("invalid-json", `${row.name} of the image ${image}: ${issue?.message ?? "invalid value"}`);
}

/** Where build scripts work: BuildKey= below BuildDirectory=. */
function buildSubdirectory(image: string, config: Config): { BuildSubdirectory?: string } {
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
