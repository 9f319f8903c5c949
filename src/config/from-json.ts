import * as z from "zod";
import { type ImageFromJson, type ImagesFromJson, jsonRows, ownRows } from "./json.ts";
import { schemaOf } from "./schemas.ts";
import { type Config, settings } from "./settings/index.ts";
import type { Setting } from "./settings/setting.ts";
import { configError } from "./values/value-type.ts";

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
  // The forms of the rows are what the type is made from.
  return { image, files, config: { ...others, ...valuesOf(jsonRows, values, image) } as unknown as Config };
}

/** Throws UserError `invalid-json` for a value that does not fit, and for a name that is none of the rows'. */
function valuesOf(of: readonly Setting[], values: Record<string, unknown>, image: string): Record<string, unknown> {
  const unknown = Object.keys(values).find((name) => !of.some((row) => row.name === name));
  if (unknown !== undefined) {
    throw configError("invalid-json", `The image ${image} has the unknown setting ${unknown}`);
  }
  return Object.fromEntries(of.map((row) => [row.name, decode(row, values[row.name], image)]));
}

/** Throws UserError `invalid-json`, which names the setting. */
export function decode(row: Setting, value: unknown, image: string): unknown {
  if (value === undefined) return row.type.empty;
  if (value === null) return undefined;
  const result = z.safeDecode(schemaOf(row.type.form), value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw configError("invalid-json", `${row.name} of the image ${image}: ${issue?.message ?? "invalid value"}`);
}
