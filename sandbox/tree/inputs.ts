import { statSync } from "node:fs";
import type { ZodObject } from "zod";
import type { ImagePlan } from "../protocol.ts";
import { outputSource, sourcePath } from "../sources.ts";
import { sourceHash } from "./source-hash.ts";

/** The fields that one part of an image's plan has, as a key takes them. */
export async function partInputs(image: ImagePlan, ...parts: ZodObject[]): Promise<Record<string, unknown>> {
  const names = parts.flatMap((part) => Object.keys(part.shape)) as (keyof ImagePlan)[];
  return (await inputs(Object.fromEntries(names.map((name) => [name, image[name]])))) as Record<string, unknown>;
}

/** A value of a plan as a key takes it: of every source its content's hash, of secrets and of what is written to nothing. */
export async function inputs(value: unknown): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map(inputs));
  if (typeof value !== "object" || value === null) return value;
  if ("secret" in value || "writable" in value) return {};
  if ("source" in value) return sourceInputs(value as { source: string });
  const entries = Object.entries(value).map(async ([name, inner]) => [name, await inputs(inner)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** Waits for a source that another image of the build makes, and takes that image's key: its output need not be read. */
async function sourceInputs({ source, ...rest }: { source: string; name?: string }): Promise<unknown> {
  const { name, ...others } = rest;
  const made = await outputSource(source);
  const hash = made?.key ?? (await sourceHash(sourcePath(source)));
  // A folder's own name reaches no image.
  const named = name !== undefined && statSync(sourcePath(source)).isFile();
  return { ...others, ...(named ? { name } : {}), hash };
}
