import * as z from "zod";
import { schemaOf } from "../../config/schemas.ts";
import type { Setting } from "../../config/settings/setting.ts";
import { isComputed } from "../setting-facts.ts";

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * The JSON Schema (draft 2020-12) of what `summary --json` prints: all images, and the definition `image` of one,
 * which is what configure scripts are given as well.
 */
export function configSchema(settings: readonly Setting[]): JsonSchema {
  const image = { $ref: "#/$defs/image" };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Resolved configuration of Caisson",
    type: "object",
    properties: {
      Images: {
        description: "In the order in which they are built; the main image is the last one",
        type: "array",
        items: image,
      },
      "X-Caisson": {
        description: "Settings that only Caisson has, where any is set",
        type: "object",
        properties: settingSchemas(settings.filter(isOwn)),
        additionalProperties: false,
      },
      Tools: { description: "The default tools tree, where one is asked for", anyOf: [image, { type: "null" }] },
    },
    required: ["Images", "Tools"],
    additionalProperties: false,
    $defs: { image: imageSchema(settings) },
  };
}

function imageSchema(settings: readonly Setting[]): JsonSchema {
  const rows = settings.filter((row) => row.inJson && !isOwn(row));
  const properties: Record<string, JsonSchema> = {
    ...settingSchemas(rows),
    Image: { description: "main, tools, default-initrd, or the name of a subimage", type: "string" },
    Files: { description: "The files that were read, in order", type: "array", items: { type: "string" } },
    BuildSubdirectory: { description: "Where build scripts work, where BuildDirectory is set", type: "string" },
  };
  const sorted = Object.fromEntries(Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1)));
  const required = Object.keys(sorted).filter((name) => name !== "BuildSubdirectory");
  return { title: "Image", type: "object", properties: sorted, required, additionalProperties: false };
}

function isOwn({ section }: Setting): boolean {
  return section === "X-Caisson";
}

function settingSchemas(rows: readonly Setting[]): Record<string, JsonSchema> {
  return Object.fromEntries(rows.map((row) => [row.name, settingSchema(row)]));
}

function settingSchema(row: Setting): JsonSchema {
  const { $schema: _, ...value } = z.toJSONSchema(schemaOf(row.type.form), { io: "input" });
  const about = { title: row.name, description: row.help };
  return canBeUnset(row) ? { ...about, anyOf: [value, { type: "null" }] } : { ...about, ...value };
}

/** A computed default may be none even where the type has an empty value. */
function canBeUnset(row: Setting): boolean {
  if (isComputed(row)) return true;
  return row.type.empty === undefined && (row.clearable || (row.fallback as () => unknown)() === undefined);
}
