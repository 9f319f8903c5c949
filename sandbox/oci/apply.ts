/** Makes a tree of an image (layer.md, "Applying Changesets"). */
import { lstatSync, readdirSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import type { OciSource } from "../protocol.ts";
import type { ArchiveMember } from "../tree/archive-listing.ts";
import type { DeviceNode } from "../tree/device-nodes.ts";
import { resolveInside } from "../tree/inside.ts";
import { type BytePath, onDisk } from "../tree/walk.ts";
import { openOci } from "./source.ts";
import { checkContent, decompress, extract, listMembers } from "./unpack.ts";
import { isReserved, readWhiteout } from "./whiteouts.ts";

/** A tree that is being made. */
export interface OciTarget {
  /** Where it is mounted. */
  root: string;
  /** Its device nodes, which lie on no disk. */
  devices: DeviceNode[];
}

/**
 * Unpacks the layers of an image, one over the other, with owners and extended attributes. What the tree has already is
 * below them. Throws BuildError `oci-invalid` where anything is other than its digest says, or a name leads out of the tree.
 */
export async function applyOci(context: Context, source: OciSource, target: OciTarget): Promise<void> {
  const { manifest, config, blobs } = await openOci(context, source);
  const folder = join(context.work, "oci-layer");
  await mkdir(folder);
  for (const [index, descriptor] of manifest.layers.entries()) {
    const archive = join(folder, "layer.tar");
    await decompress(context, descriptor, await blobs.path(descriptor), archive);
    await checkContent(archive, descriptor, config.rootfs.diff_ids[index]);
    await applyLayer(context, target, archive, descriptor.digest);
    await rm(archive);
  }
  await rm(folder, { recursive: true });
}

async function applyLayer(context: Context, target: OciTarget, archive: string, digest: string): Promise<void> {
  const all = await listMembers(context, archive, digest);
  const files = all.filter(({ name }) => !isReserved(name));
  // Whiteouts concern the layers below, wherever they stand in this one.
  for (const { name } of all) await removeWhitedOut(target, name);
  for (const member of files) await makeWay(target, member);
  await extract(context, target.root, archive, digest, files);
  for (const { device, ...member } of files) {
    if (device === undefined) continue;
    const { mode, uid, gid, type } = member;
    const kind = type === "b" ? "block" : "character";
    target.devices.push({ path: placeOf(target.root, member.name), kind, mode, uid, gid, ...device });
  }
}

async function removeWhitedOut({ root, devices }: OciTarget, name: BytePath): Promise<void> {
  const whiteout = readWhiteout(name);
  if (whiteout === undefined) return;
  const path = placeOf(root, whiteout.path);
  const opaque = whiteout.kind === "opaque";
  const gone = devices.filter((node) => node.path.startsWith(`${path}/`) || (!opaque && node.path === path));
  for (const node of gone) devices.splice(devices.indexOf(node), 1);
  if (!opaque) await rm(onDisk(root, path), { recursive: true, force: true });
  else for (const child of childrenOf(root, path)) await rm(onDisk(root, child), { recursive: true, force: true });
}

function childrenOf(root: string, path: BytePath): BytePath[] {
  const found = lstatSync(onDisk(root, path), { throwIfNoEntry: false });
  if (!found?.isDirectory()) return [];
  return readdirSync(onDisk(root, path), { encoding: "latin1" }).map((name) =>
    path === "" ? name : `${path}/${name}`,
  );
}

/** A file takes the place of a folder; a folder takes the place of anything else, of a link to a folder too. */
async function makeWay({ root, devices }: OciTarget, { name, type }: ArchiveMember): Promise<void> {
  const path = placeOf(root, name);
  if (path === "") return;
  const node = devices.findIndex((each) => each.path === path);
  if (node >= 0) devices.splice(node, 1);
  const found = lstatSync(onDisk(root, path), { throwIfNoEntry: false });
  if (found && found.isDirectory() !== (type === "d")) await rm(onDisk(root, path), { recursive: true });
}

/** Where a name of an archive lies: links on the way to it are followed, itself is not. */
function placeOf(root: string, name: BytePath): BytePath {
  const slash = name.lastIndexOf("/");
  const folder = resolveInside(root, name.slice(0, Math.max(slash, 0)));
  return folder === "" ? name.slice(slash + 1) : `${folder}/${name.slice(slash + 1)}`;
}
