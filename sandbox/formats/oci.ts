import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import pLimit from "p-limit";
import type { Context, WriteJob, Writer } from "../context.ts";
import { BuildError } from "../errors.ts";
import { beyondBase, copyBase, type OciBase } from "../oci/base.ts";
import { packagedFiles } from "../oci/dpkg.ts";
import { bucketOf, type Group, splitEntries } from "../oci/groups.ts";
import { imageConfig, imageIndex, imageManifest, isoDate, type OciLayer } from "../oci/image.ts";
import { LayoutWriter } from "../oci/layout.ts";
import { unchangedFiles } from "../oci/owners.ts";
import { MediaType } from "../oci/schema.ts";
import { isReserved } from "../oci/whiteouts.ts";
import { type TreeEntry, treeEntries } from "../tree/entries.ts";
import { compress } from "./compress.ts";
import { tarChunks } from "./tar.ts";

/** A container image: a folder in the OCI's image layout, its layers split so that an update of packages changes few. */
export const writeOci: Writer = async (job) => {
  const { context, root, devices, output } = job;
  const entries = await treeEntries(context, root, { devices });
  refuseReserved(context, entries);
  const layout = await LayoutWriter.create(output);
  const base = await copyBase(context, layout);
  const own = base ? await beyondBase(context, { root, entries }) : entries;
  const layers = await writeLayers(job, layout, await groupsOf(job, own, entries));
  await writeDocuments(context, layout, { layers, base });
};

/** Such a name means that a file is gone. */
function refuseReserved({ image }: Context, entries: readonly TreeEntry[]): void {
  const entry = entries.find(({ path }) => isReserved(path));
  if (entry === undefined) return;
  const path = Buffer.from(entry.path, "latin1").toString();
  throw new BuildError(
    "name-reserved",
    `${image.name}: /${path}: an OCI image has no place for a name that begins with .wh.`,
    {
      hint: "Take it out with RemoveFiles=.",
    },
  );
}

async function groupsOf(
  { root, stack }: WriteJob,
  own: readonly TreeEntry[],
  all: readonly TreeEntry[],
): Promise<Group[]> {
  const owned = await unchangedFiles(root, own, packagedFiles([root, ...stack]), all);
  return splitEntries(own, (path) => {
    const file = owned.get(path);
    return file && bucketOf(file.package);
  });
}

/** Layers in the order of the groups, several at a time. */
async function writeLayers(job: WriteJob, layout: LayoutWriter, groups: readonly Group[]): Promise<OciLayer[]> {
  const folder = join(job.context.work, "oci");
  await mkdir(folder);
  const limit = pLimit(availableParallelism());
  const layers = groups.map((group, index) =>
    limit(() => writeLayer(job, layout, { group, file: join(folder, `${index}`) })),
  );
  // All to their end: nothing may still write where the caller removes.
  await Promise.allSettled(layers);
  await rm(folder, { recursive: true });
  return Promise.all(layers);
}

const SUFFIXES: Record<string, string> = { gzip: "+gzip", zstd: "+zstd", none: "" };

async function writeLayer(
  { context, root }: WriteJob,
  layout: LayoutWriter,
  { group, file }: { group: Group; file: string },
): Promise<OciLayer> {
  const hash = createHash("sha256");
  const hashed = async function* (chunks: Iterable<Buffer>) {
    for (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  };
  await pipeline(hashed(tarChunks(root, group.entries)), createWriteStream(file));
  const mediaType = `${MediaType.layer}${SUFFIXES[context.image.compression]}`;
  const descriptor = await layout.make(mediaType, (to) => compress(context, file, to));
  await rm(file);
  const history = { created: isoDate(context.epoch), created_by: "caisson", comment: group.title };
  return { descriptor, diffId: `sha256:${hash.digest("hex")}`, history };
}

async function writeDocuments(
  { image, epoch }: Context,
  layout: LayoutWriter,
  { layers, base }: { layers: OciLayer[]; base: OciBase | undefined },
): Promise<void> {
  const { oci, ociPlatform, kernelCommandLine } = image;
  if (!oci || !ociPlatform) throw new Error("a plan of an OCI image without the OCI's part");
  const platform = { ...ociPlatform, os: "linux" };
  const command = ["/sbin/init", ...kernelCommandLine];
  const facts = { epoch, platform, layers, labels: oci.labels, command, base };
  const config = await layout.document(MediaType.config, imageConfig(facts));
  const manifest = imageManifest({
    config,
    layers: [...(base?.layers ?? []), ...layers],
    annotations: oci.annotations,
    base: base?.digest,
  });
  const descriptor = await layout.document(MediaType.manifest, manifest);
  await layout.index(imageIndex(descriptor, platform, oci.refName));
}
