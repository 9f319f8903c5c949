import { existsSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Context, WriteJob } from "../context.ts";
import { step } from "../events.ts";
import { compress, copy } from "../formats/compress.ts";
import { writers } from "../formats/index.ts";
import type { NamedInitrd } from "../kernel/boot-job.ts";
import { makeBootFiles } from "../kernel/install.ts";
import { placeBootFiles } from "../kernel/place.ts";
import { splitParts } from "../outputs/parts.ts";
import { growDisk } from "../outputs/size.ts";
import { splitPaths } from "../outputs/split.ts";
import { BootPart, ElToritoPart, type ImagePlan, KernelPart, OciPart, OutputPart, SOURCES_PATH } from "../protocol.ts";
import { left } from "../scripts/layers.ts";
import { outputSigningInputs } from "../signing/inputs.ts";
import { lookUp, publish } from "../store.ts";
import { readDevices } from "../tree/device-nodes.ts";
import { valueHash } from "../tree/hash.ts";
import { partInputs } from "../tree/inputs.ts";
import type { Layer } from "../tree/layers.ts";
import { mountOverlay } from "../tree/overlay.ts";
import { byCodeUnit } from "../tree/walk.ts";

/** A finished output. Of the format `none` nothing but the key. */
export interface Artifact {
  key: string;
  /** The file, or the folder for the format `directory`. */
  path: string;
}

/** What an output is made of. */
export interface Parts {
  tree: Layer;
  /** The layer with what scripts left beside the tree. */
  beside?: Layer | undefined;
  initrds: Artifact[];
}

/** An output that only feeds other images: kept on the volume, and written only where that does not have one of the same key. */
export async function artifact(context: Context, parts: Parts): Promise<Artifact> {
  const { image, plan, emit } = context;
  const key = await artifactKey(context, parts);
  const found = plan.rebuild === "none" ? await lookUp("outputs", key) : undefined;
  emit({ type: "layer", image: image.name, layer: "output", key, cached: found !== undefined, changed: [] });
  const make = async () => {
    const folder = join(context.work, "artifact");
    await mkdir(folder);
    await writeOutput(context, parts, folder);
    return publish(folder, "outputs", key, plan.rebuild !== "none");
  };
  const folder = found ?? (await step(emit, image.name, `Writing ${image.outputFile}`, make));
  return { key, path: join(folder, image.outputFile) };
}

/** Hash of everything that decides an output's bytes. */
export async function artifactKey(context: Context, { tree, beside, initrds }: Parts): Promise<string> {
  const { image, epoch, seed } = context;
  // What an image that feeds this one is called says nothing of its content.
  const { initrdImages: _, ...parts } = await partInputs(
    image,
    KernelPart,
    BootPart,
    OutputPart,
    ElToritoPart,
    OciPart,
  );
  return valueHash({
    ...parts,
    ...{ epoch, seed, imageId: image.imageId },
    environment: image.environment,
    sandbox: context.sandbox?.key,
    ...(await outputSigningInputs(context)),
    distribution: [image.distribution, image.release, image.architecture, image.efiArchitecture],
    tree: tree.key,
    beside: beside?.key,
    initrdImages: initrds.map(({ key }) => key),
  }).slice(0, 32);
}

/**
 * Writes an output, and the parts of it that are files of their own too, into a staging folder, under the names that
 * they are delivered under.
 */
export async function writeOutput(context: Context, { tree, beside, initrds }: Parts, staging: string): Promise<void> {
  const { image, work } = context;
  if (image.format === "none") throw new Error("there is no output of the format none");
  const folder = join(work, "output");
  const target = join(staging, image.outputFile);
  const overlay = await mountOverlay(tree.stack, join(folder, "tree"));
  const files = [
    ...initrds.map(({ path }) => ({ source: path, name: basename(path) })),
    ...image.initrds.map(({ source, name }) => ({ source: join(SOURCES_PATH, source), name })),
    ...(await artifacts(beside, "io.mkosi.initrd")),
  ];
  // What is not changed afterwards is written but once; partitions are made on the volume, where holes stay holes.
  const once = !isCompressed(image) && !isDisk(image);
  const output = once ? target : join(folder, `${image.output}.raw`);
  const split = splitPaths(image, staging);
  try {
    const { root } = overlay;
    const { stack, kept } = tree;
    const microcode = await artifacts(beside, "io.mkosi.microcode");
    const content = { root, stack, devices: readDevices(stack), kept, microcode, initrds: files };
    const job = { context, ...content, output, staging, split };
    await installKernels(job);
    await writers[image.format](job);
    await growDisk(context, output);
    await splitParts(job);
  } finally {
    await overlay.unmount();
  }
  if (isCompressed(image)) await compress(context, output, target);
  else if (!once) await copy(context, output, target);
  await rm(folder, { recursive: true, force: true });
}

/** Files that scripts put into a folder of ARTIFACTDIR that mkosi(1) gives a meaning, in order of names. */
async function artifacts(beside: Layer | undefined, name: string): Promise<NamedInitrd[]> {
  const folder = join(left({ beside }, "artifacts") ?? "", name);
  if (!existsSync(folder)) return [];
  return (await readdir(folder)).sort(byCodeUnit).map((file) => ({ source: join(folder, file), name: file }));
}

/** Made of partitions, which may become files beside it. */
function isDisk({ format }: ImagePlan): boolean {
  return ["disk", "esp", "sysext", "confext", "portable"].includes(format);
}

/** As in mkosi, what boots a tree's kernels is in it in every format. A disk's may have to know its partitions. */
async function installKernels({ context, root, microcode, initrds }: WriteJob): Promise<void> {
  if (context.image.format === "disk") return;
  const files = await makeBootFiles({ context, root, microcode, initrds, partitions: [] });
  if (files.length > 0) await placeBootFiles(context, root, files);
}

function isCompressed({ compression, compressesWhole }: ImagePlan): boolean {
  return compression !== "none" && compressesWhole;
}
