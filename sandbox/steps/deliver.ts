import { existsSync, lstatSync } from "node:fs";
import { lchown, readdir, rename, rm, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { BuildError } from "../errors.ts";
import { step } from "../events.ts";
import { OUTPUT_PATH } from "../protocol.ts";
import { publishJson, readJson } from "../store.ts";
import { fileHash } from "../tree/hash.ts";
import { walk } from "../tree/walk.ts";
import { type Artifact, artifactKey, type Parts, writeOutput } from "./artifact.ts";

/** What was delivered under a name: an output of the same key is not written again while its file is the one that was. */
interface Delivery {
  key: string;
  /** Inode, size and times: any change to the file changes its ctime. */
  file: string;
  sha256?: string;
}

/** Puts an output, and the link that has its name without extensions, into the user's folder: whole, or not at all. */
export async function deliver(context: Context, parts: Parts): Promise<Artifact> {
  const { image, emit, plan } = context;
  const path = join(OUTPUT_PATH, image.outputFile);
  if (existsSync(path) && !plan.force)
    throw new BuildError("output-exists", `the output ${image.outputFile} exists already`, {
      hint: "Use --force to replace it.",
    });
  const key = await artifactKey(context, parts);
  const name = `delivery-${plan.project}-${image.outputFile}`;
  const last = plan.rebuild === "none" ? await readJson<Delivery>("latest", name) : undefined;
  const current = last?.key === key && last.file === identity(path);
  emit({ type: "layer", image: image.name, layer: "output", key, cached: current, changed: [] });
  const write = () => step(emit, image.name, `Writing ${image.outputFile}`, () => replace(context, parts, path));
  const sha256 = current ? last.sha256 : await write();
  if (image.output !== image.outputFile) await link(context, image.outputFile, join(OUTPUT_PATH, image.output));
  const sum = sha256 ? { sha256 } : {};
  await publishJson("latest", name, { key, file: identity(path), ...sum });
  emit({ type: "output", image: image.name, file: image.outputFile, size: sizeOf(path), ...sum });
  return { key, path };
}

/** Writes the output beside its place, and then moves it there. Returns its SHA-256; nothing for a folder. */
async function replace(context: Context, parts: Parts, path: string): Promise<string | undefined> {
  const aside = join(OUTPUT_PATH, `.caisson-${context.plan.build}.partial`);
  try {
    await writeOutput(context, parts, aside);
    await own(context, aside);
    const sha256 = (await stat(aside)).isFile() ? await fileHash(aside) : undefined;
    // A folder is not replaced by a rename.
    if (sha256 === undefined) await rm(path, { recursive: true, force: true });
    await rename(aside, path);
    return sha256;
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw error;
  }
}

/** Removes what killed builds had written halfway. */
export async function sweepPartials(running: string[]): Promise<void> {
  if (!existsSync(OUTPUT_PATH)) return;
  for (const name of await readdir(OUTPUT_PATH)) {
    const build = /^\.caisson-(.+)\.partial$/.exec(name)?.[1];
    if (build && !running.includes(build)) await rm(join(OUTPUT_PATH, name), { recursive: true, force: true });
  }
}

/** A rootful engine's files would belong to root; a tree's files keep the owners that they have in the image. */
async function own({ plan, image }: Context, path: string): Promise<void> {
  if (plan.owner && image.format !== "directory") await lchown(path, plan.owner.uid, plan.owner.gid);
}

async function link({ plan }: Context, to: string, path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await symlink(to, path);
  if (plan.owner) await lchown(path, plan.owner.uid, plan.owner.gid);
}

/** Tells a file from any that was put in its place, and from itself after a change. Empty for none; never twice the same for a folder. */
function identity(path: string): string {
  const stats = lstatSync(path, { throwIfNoEntry: false, bigint: true });
  if (!stats) return "";
  return stats.isFile()
    ? [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(" ")
    : `${Math.random()}`;
}

/** Bytes; what the files of a folder add up to. */
function sizeOf(path: string): number {
  let size = 0;
  for (const { stats } of walk(path)) if (stats.isFile()) size += stats.size;
  return size;
}
