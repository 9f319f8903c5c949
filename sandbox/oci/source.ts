/** Images that exist already: where their documents and blobs are, and what is meant by a reference. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { BuildError } from "../errors.ts";
import { step } from "../events.ts";
import { type OciSource, SOURCES_PATH } from "../protocol.ts";
import { sha256, valueHash } from "../tree/hash.ts";
import { type Blobs, dirBlobs, layoutBlobs } from "./blobs.ts";
import { chooseManifest, choosePlatform } from "./choose.ts";
import { invalid, readDocument } from "./document.ts";
import { copyFromRegistry, digestInRegistry } from "./registry.ts";
import { type Descriptor, ImageConfig, ImageIndex, ImageLayout, ImageManifest } from "./schema.ts";

/** An image whose documents were read and found right. */
export interface OciImage {
  /** Of the manifest. */
  digest: string;
  manifest: ImageManifest;
  config: ImageConfig;
  blobs: Blobs;
}

/**
 * What a cache key takes for an image: the digest of its manifest or index, and the platform that is chosen from that.
 * A tag of a registry is looked up each time. Throws BuildError `oci-invalid`, `oci-not-found`; ToolError of skopeo.
 */
export async function resolveOci(context: Context, source: OciSource): Promise<string> {
  const digest =
    source.kind === "registry" ? await registryDigest(context, source) : (await openOci(context, source)).digest;
  return valueHash({ digest, platform: context.image.ociPlatform });
}

/** Opens an image, which is fetched where it lies in a registry; once for all that ask for it in a build. */
export function openOci(context: Context, source: OciSource): Promise<OciImage> {
  const key = valueHash({ source, platform: context.image.ociPlatform });
  return context.share(`oci ${key}`, () => {
    const folder = join(context.work, `oci-${key.slice(0, 16)}`);
    return source.kind === "registry" ? openRegistry(context, source, folder) : openLayout(context, source, folder);
  });
}

type Registry = Extract<OciSource, { kind: "registry" }>;
type Layout = Extract<OciSource, { kind: "layout" }>;

function registryDigest(context: Context, source: Registry): Promise<string> {
  const [, digest] = source.image.split("@");
  if (digest !== undefined) return Promise.resolve(digest);
  return context.share(`oci tag ${source.image}`, () => digestInRegistry(context, source));
}

async function openRegistry(context: Context, source: Registry, folder: string): Promise<OciImage> {
  const digest = await registryDigest(context, source);
  await mkdir(folder, { recursive: true });
  const fetch = () => copyFromRegistry(context, source, digest, folder);
  await step(context.emit, context.image.name, `Fetching ${source.image}`, fetch);
  const blobs = dirBlobs(join(folder, "image"));
  const text = await blobs.document("manifest.json");
  return openManifest(context, blobs, text, `sha256:${sha256(text)}`);
}

async function openLayout(context: Context, source: Layout, folder: string): Promise<OciImage> {
  const blobs = await layoutBlobs(context, join(SOURCES_PATH, source.source), folder);
  readDocument(ImageLayout, await blobs.document("oci-layout"), "oci-layout");
  const index = readDocument(ImageIndex, await blobs.document("index.json"), "index.json");
  return openDescriptor(context, blobs, chooseManifest(index, source, context.image.ociPlatform));
}

/** An index leads to one for each platform. */
async function openDescriptor(context: Context, blobs: Blobs, descriptor: Descriptor): Promise<OciImage> {
  const text = await blobs.text(descriptor);
  if (!/\.(index|manifest\.list)\.v\d\+json$/.test(descriptor.mediaType))
    return openManifest(context, blobs, text, descriptor.digest);
  const index = readDocument(ImageIndex, text, descriptor.digest);
  return openDescriptor(context, blobs, choosePlatform(index.manifests, context.image.ociPlatform));
}

async function openManifest(context: Context, blobs: Blobs, text: string, digest: string): Promise<OciImage> {
  const manifest = readDocument(ImageManifest, text, `manifest ${digest}`);
  const config = readDocument(
    ImageConfig,
    await blobs.text(manifest.config),
    `configuration ${manifest.config.digest}`,
  );
  if (manifest.layers.length !== config.rootfs.diff_ids.length)
    throw invalid(
      `manifest ${digest}: it has ${manifest.layers.length} layers, its configuration ${config.rootfs.diff_ids.length}`,
    );
  const wanted = context.image.ociPlatform?.architecture;
  if (config.architecture !== wanted)
    throw new BuildError("oci-platform", `the image ${digest} is for ${config.architecture}, not for ${wanted}`, {
      hint: "Set Architecture= to that of the image, or name another image.",
    });
  return { digest, manifest, config, blobs };
}
