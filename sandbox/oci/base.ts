/** The image below one that is built with Overlay=: its layers are taken over as they are. */
import { join } from "node:path";
import type { Context } from "../context.ts";
import { baseTrees } from "../steps/base-trees.ts";
import { readDevices } from "../tree/device-nodes.ts";
import { treeEntries } from "../tree/entries.ts";
import { mountOverlay } from "../tree/overlay.ts";
import { difference, type ListedTree } from "./difference.ts";
import { isoDate, type OciLayer } from "./image.ts";
import type { LayoutWriter } from "./layout.ts";
import { type ImageConfig, MediaType } from "./schema.ts";
import { openOci } from "./source.ts";

export interface OciBase {
  /** Of the manifest. */
  digest: string;
  config: ImageConfig;
  layers: OciLayer[];
}

/** Copies the layers of the image that the tree was built on into a layout. Undefined where the output stands on its own. */
export async function copyBase(context: Context, layout: LayoutWriter): Promise<OciBase | undefined> {
  const [tree] = context.image.baseTrees;
  if (!context.image.oci?.overBase || tree === undefined || !("kind" in tree)) return undefined;
  const { digest, manifest, config, blobs } = await openOci(context, tree);
  const layers: OciLayer[] = [];
  for (const [index, descriptor] of manifest.layers.entries()) {
    await layout.copy(descriptor, await blobs.path(descriptor));
    const { digest, size } = descriptor;
    const diffId = config.rootfs.diff_ids[index] ?? "";
    const history = { created: isoDate(context.epoch), comment: "base image" };
    layers.push({ descriptor: { mediaType: ownMediaType(descriptor.mediaType), digest, size }, diffId, history });
  }
  return { digest, config, layers };
}

/** Docker's names for the same archives (image-spec: media-types.md, "Compatibility Matrix"). */
function ownMediaType(mediaType: string): string {
  const names: Record<string, string> = {
    "application/vnd.docker.image.rootfs.diff.tar.gzip": `${MediaType.layer}+gzip`,
    "application/vnd.docker.image.rootfs.diff.tar": MediaType.layer,
  };
  return names[mediaType] ?? mediaType;
}

/** What the tree has beyond the image that it was built on. */
export async function beyondBase(context: Context, now: ListedTree): Promise<ListedTree["entries"]> {
  const base = await baseTrees(context);
  if (!base) throw new Error("an image over a base without one");
  const overlay = await mountOverlay(base.stack, join(context.work, "oci-base"));
  try {
    const devices = readDevices(base.stack);
    const entries = await treeEntries(context, overlay.root, { devices });
    return await difference({ root: overlay.root, entries }, now);
  } finally {
    await overlay.unmount();
  }
}
