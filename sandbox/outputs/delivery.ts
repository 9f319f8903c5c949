/** What lies in the user's folder after a build, and whether it still is what that build put there. */
import { lstatSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { OUTPUT_PATH } from "../protocol.ts";
import { publishJson, readJson, storePath } from "../store.ts";
import { valueHash } from "../tree/hash.ts";
import { onDisk, walk } from "../tree/walk.ts";

export interface DeliveredFile {
  /** Of a file, a folder or a link in the output directory. */
  name: string;
  kind: "file" | "folder" | "link";
  /** Of `identity`. */
  identity: string;
  /** Bytes; what a folder's files add up to. */
  size: number;
  /** Absent for folders and links. */
  sha256?: string;
}

/** What was delivered for an image: nothing of it is written again while key and files are the same. */
export interface Delivery {
  key: string;
  files: DeliveredFile[];
  /** Names of files that earlier builds delivered for the image, in another format as a rule, and that may be there still. */
  earlier: string[];
}

/** `output` is the image's name without extensions. */
export async function lastDelivery(project: string, output: string): Promise<Delivery | undefined> {
  return readJson<Delivery>("latest", recordName(project, output));
}

export async function recordDelivery({ plan, image }: Context, delivery: Delivery): Promise<void> {
  await publishJson("latest", recordName(plan.project, image.output), delivery);
}

export async function forgetDelivery(project: string, output: string): Promise<void> {
  await rm(storePath("latest", `${recordName(project, output)}.json`), { force: true });
}

function recordName(project: string, output: string): string {
  return `delivered-${project}-${output}`;
}

/** Names of all that builds put into the output directory for an image. */
export function deliveredNames({ files, earlier }: Delivery): string[] {
  return [...files.map(({ name }) => name), ...earlier];
}

export function isIntact({ files }: Delivery): boolean {
  return files.every(({ name, identity }) => identityOf(join(OUTPUT_PATH, name)) === identity);
}

/** Tells a file or folder from any that was put in its place, and from itself after a change, which moves its ctime. Empty for none. */
export function identityOf(path: string): string {
  if (!lstatSync(path, { throwIfNoEntry: false })) return "";
  const entries = [...walk(path)].map(({ path: below }) => {
    const { dev, ino, size, mtimeNs, ctimeNs } = lstatSync(onDisk(path, below), { bigint: true });
    return [below, dev, ino, size, mtimeNs, ctimeNs].join(" ");
  });
  return valueHash(entries);
}

/** Bytes; what the files of a folder add up to. */
export function sizeOf(path: string): number {
  let size = 0;
  for (const { stats } of walk(path)) if (stats.isFile()) size += stats.size;
  return size;
}
