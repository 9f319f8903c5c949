import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { step } from "../events.ts";
import { compress } from "../formats/compress.ts";
import { writers } from "../formats/index.ts";
import { SOURCES_PATH } from "../protocol.ts";
import { lookUp, publish, publishJson, readJson } from "../store.ts";
import { fileHash, treeHash, valueHash } from "../tree/hash.ts";
import type { Layer } from "../tree/layers.ts";
import { mountOverlay } from "../tree/overlay.ts";

/** A finished output on the volume. */
export interface Artifact {
  key: string;
  /** The file, or the folder for the format `directory`. */
  path: string;
}

/** Returns the output of a tree, written only where the volume does not have one of the same key. */
export async function artifact(context: Context, tree: Layer, initrds: Artifact[]): Promise<Artifact> {
  const { image, emit } = context;
  const key = await artifactKey(context, tree, initrds);
  const found = context.plan.rebuild === "none" ? await lookUp("outputs", key) : undefined;
  emit({ type: "layer", image: image.name, layer: "output", key, cached: found !== undefined, changed: [] });
  const folder =
    found ?? (await step(emit, image.name, `Writing ${image.outputFile}`, () => write(context, tree, initrds, key)));
  return { key, path: join(folder, image.outputFile) };
}

/** SHA-256 of an output, lowercase hexadecimal, computed once; undefined for a folder. */
export async function checksum({ key, path }: Artifact): Promise<string | undefined> {
  const known = await readJson<{ sha256: string }>("outputs", key);
  if (known) return known.sha256;
  if (!(await stat(path)).isFile()) return undefined;
  const sha256 = await fileHash(path);
  await publishJson("outputs", key, { sha256 });
  return sha256;
}

async function artifactKey({ image, epoch, seed }: Context, tree: Layer, initrds: Artifact[]): Promise<string> {
  const { format, outputFile, compression, compressionLevel, bootable, bootloader, unifiedKernelImages } = image;
  const { kernelCommandLine, kernelModulesInitrd, kernelModulesInitrdPatterns, rootFilesystem, imageId } = image;
  return valueHash({
    ...{ format, outputFile, compression, compressionLevel, bootable, bootloader, unifiedKernelImages },
    ...{ kernelCommandLine, kernelModulesInitrd, kernelModulesInitrdPatterns, rootFilesystem, imageId, epoch, seed },
    distribution: [image.distribution, image.release, image.architecture, image.efiArchitecture],
    tree: tree.key,
    initrds: [...initrds.map(({ key }) => key), ...(await sourceHashes(image.initrds))],
    definitions: await sourceHashes(image.repartDirectories),
  }).slice(0, 32);
}

function sourceHashes(sources: string[]): Promise<string[]> {
  return Promise.all(sources.map((source) => treeHash(join(SOURCES_PATH, source))));
}

async function write(context: Context, tree: Layer, initrds: Artifact[], key: string): Promise<string> {
  const { image, work } = context;
  const folder = join(work, "output");
  const overlay = await mountOverlay(tree.stack, join(folder, "tree"));
  const [raw, done] = [join(folder, "raw"), join(folder, "done")];
  const files = [...initrds.map(({ path }) => path), ...image.initrds.map((source) => join(SOURCES_PATH, source))];
  await mkdir(done);
  try {
    await writers[image.format]({ context, root: overlay.root, initrds: files, output: raw });
  } finally {
    await overlay.unmount();
  }
  const file = join(done, image.outputFile);
  if (image.format === "directory") await rename(raw, file);
  else await compress(context, raw, file);
  const path = await publish(done, "outputs", key, context.plan.rebuild !== "none");
  await rm(folder, { recursive: true, force: true });
  return path;
}
