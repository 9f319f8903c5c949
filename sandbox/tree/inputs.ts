import { join } from "node:path";
import type { ZodObject } from "zod";
import { type ImagePlan, SOURCES_PATH } from "../protocol.ts";
import { treeHash } from "./hash.ts";

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
  if ("source" in value) {
    const { source, ...rest } = value;
    return { ...rest, hash: await treeHash(join(SOURCES_PATH, String(source))) };
  }
  const entries = Object.entries(value).map(async ([name, inner]) => [name, await inputs(inner)] as const);
  return Object.fromEntries(await Promise.all(entries));
}
