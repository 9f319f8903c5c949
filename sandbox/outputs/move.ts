import { lstatSync, type Stats } from "node:fs";
import { lchown, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { BuildError } from "../errors.ts";
import { OUTPUT_PATH } from "../protocol.ts";
import { fileHash } from "../tree/hash.ts";
import { byCodeUnit, onDisk, walk } from "../tree/walk.ts";
import { type DeliveredFile, type Delivery, deliveredNames, identityOf, sizeOf } from "./delivery.ts";

/**
 * Moves everything in a staging folder to the output directory: each file, folder and link by one rename, the image's
 * main output last, so that what belongs to it is there as soon as it is. With `force`, what earlier deliveries
 * had under other names goes: it would not fit what is there now. Throws BuildError `output-in-the-way` or `output-exists`, before anything is moved.
 */
export async function moveIntoPlace(
  context: Context,
  { staging, key, last }: { staging: string; key: string; last: Delivery | undefined },
): Promise<Delivery> {
  const { plan, image } = context;
  const order = (name: string) => Number(name === image.outputFile);
  const names = (await readdir(staging)).sort((a, b) => order(a) - order(b) || byCodeUnit(a, b));
  for (const name of names) refuseToReplace(name, lstatSync(join(staging, name)), last, plan.force);
  const sums = new Map<string, string>();
  for (const name of names) {
    const path = join(staging, name);
    await own(context, name, path);
    if (lstatSync(path).isFile()) sums.set(name, await fileHash(path));
  }
  const stale = last ? deliveredNames(last).filter((name) => !names.includes(name)) : [];
  if (plan.force) for (const name of stale) await rm(join(OUTPUT_PATH, name), { recursive: true, force: true });
  for (const name of names) await move(staging, name);
  const files = names.map((name) => described(name, sums.get(name)));
  return { key, files, earlier: plan.force ? [] : stale };
}

/**
 * What a build of ours put there, and links, are replaced. Anything else is the user's: a file is replaced by a file
 * where that is what `force` asks for; a folder never by a file, nor the other way round.
 */
function refuseToReplace(name: string, made: Stats, last: Delivery | undefined, force: boolean): void {
  const found = lstatSync(join(OUTPUT_PATH, name), { throwIfNoEntry: false });
  if (!found || found.isSymbolicLink() || (last && deliveredNames(last).includes(name))) return;
  if (found.isDirectory() !== made.isDirectory()) throw inTheWay(name, found);
  if (!force) throw outputExists(name);
}

function inTheWay(name: string, found: Stats): BuildError {
  const [there, made] = found.isDirectory() ? ["a folder", "a file"] : ["no folder", "a folder"];
  return new BuildError(
    "output-in-the-way",
    `${name} in the output directory is ${there}, and the build makes ${made} of that name`,
    { hint: "Move it away, or choose another Output= or OutputDirectory=." },
  );
}

export function outputExists(name: string): BuildError {
  return new BuildError("output-exists", `the output ${name} exists already`, {
    hint: "Use --force to replace it.",
  });
}

/** No rename replaces a folder, or anything by a folder: what is in the way is moved into the staging folder, and goes with it. */
async function move(staging: string, name: string): Promise<void> {
  const [from, to] = [join(staging, name), join(OUTPUT_PATH, name)];
  const found = lstatSync(to, { throwIfNoEntry: false });
  if (found && (found.isDirectory() || lstatSync(from).isDirectory()))
    await rename(to, join(staging, `.replaced-${name}`));
  await rename(from, to);
}

/** A rootful engine's files would belong to root; a tree's files keep the owners that they have in the image. */
async function own({ plan, image }: Context, name: string, path: string): Promise<void> {
  if (!plan.owner || (image.format === "directory" && name === image.outputFile)) return;
  const { uid, gid } = plan.owner;
  for (const entry of walk(path)) await lchown(onDisk(path, entry.path), uid, gid);
}

function described(name: string, sha256: string | undefined): DeliveredFile {
  const path = join(OUTPUT_PATH, name);
  const stats = lstatSync(path);
  const kind = stats.isDirectory() ? "folder" : stats.isSymbolicLink() ? "link" : "file";
  return { name, kind, identity: identityOf(path), size: sizeOf(path), ...(sha256 ? { sha256 } : {}) };
}
