import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { fixupVmlinuz } from "../kernel/images.ts";
import type { Metadata, Package, PackageManager } from "../package-managers/package-manager.ts";
import type { Source } from "../protocol.ts";
import type { Packages } from "../scripts/layers.ts";
import { sourcePath } from "../sources.ts";
import { valueHash } from "../tree/hash.ts";
import { inputs } from "../tree/inputs.ts";
import { type Layer, layer } from "../tree/layers.ts";
import { mountOverlay } from "../tree/overlay.ts";
import { identity } from "./base.ts";
import { depmod } from "./depmod.ts";
import { hwdb } from "./systemd.ts";

/** Files of one machine, which packages make while they are configured. */
const OF_ONE_MACHINE = [
  "var/lib/systemd/random-seed",
  "var/lib/systemd/credential.secret",
  "etc/machine-info",
  "var/lib/dbus/machine-id",
];

/** What installing `names` onto a layer would add; found in the tree that it and those below it make. */
export async function resolveOn(
  context: Context,
  manager: PackageManager,
  metadata: Metadata,
  { top, stack }: Layer,
  names: string[],
): Promise<Package[]> {
  if (names.length === 0) return [];
  if (stack.length === 1) return manager.resolve(context, metadata, top, names);
  const folder = join(context.work, `resolve-${valueHash(names).slice(0, 16)}`);
  const overlay = await mountOverlay(stack, folder);
  try {
    return await manager.resolve(context, metadata, overlay.root, names);
  } finally {
    await overlay.unmount();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The second layer: the packages asked for, and the databases that are made from what they bring. */
export async function packagesLayer(context: Context, source: Packages, parent: Layer): Promise<Layer> {
  const { image } = context;
  const { manager, metadata } = source;
  const files = image.packageFiles.map((file) => manager.packageName(context, sourcePath(file.source)));
  const names = [...image.packages, ...(await Promise.all(files))];
  const packages = await resolveOn(context, manager, metadata, parent, names);
  return layer(context, {
    name: "packages",
    title: packages.length === 1 ? "Installing 1 package" : `Installing ${packages.length} packages`,
    parent,
    inputs: {
      names,
      packages: packages.map(identity),
      withRecommends: image.withRecommends,
      sources: image.imageRepositories,
      partial: [image.overlay, image.partial],
    },
    build: async (root) => {
      await installOn(context, source, root, names, packages);
      await fixupVmlinuz(root);
      if (!image.overlay) await depmod(context, root);
      if (!image.partial) await hwdb(context, root);
    },
  });
}

/** The repositories of a build with the user's own packages, and those in folders that images before this one have filled. */
export async function ownPackages(
  context: Context,
  manager: PackageManager,
  metadata: Metadata,
  given: string[],
): Promise<Metadata> {
  const { packageDirectories, packageFiles } = context.image;
  // Another image may make them.
  await inputs([packageDirectories, packageFiles]);
  const paths = (sources: Source[]) => sources.map(({ source }) => sourcePath(source));
  return manager.withLocal(context, metadata, {
    folders: [...paths(packageDirectories), ...given],
    files: paths(packageFiles),
  });
}

/** Installs packages, and takes out what only a running machine should have. */
export async function installOn(
  context: Context,
  { manager, metadata }: Packages,
  root: string,
  names: string[],
  packages: Package[],
): Promise<void> {
  if (names.length > 0) {
    await manager.fetch(context, packages);
    await keepingMachineId(root, () => manager.install(context, metadata, root, names, packages));
  }
  for (const file of OF_ONE_MACHINE) await rm(join(root, file), { force: true });
  await manager.forgetTimes(root);
}

/** Older packages of systemd put a random one in place of the word "uninitialized". */
async function keepingMachineId(root: string, work: () => Promise<void>): Promise<void> {
  const file = join(root, "etc/machine-id");
  const before = existsSync(file) ? await readFile(file) : undefined;
  await work();
  if (before) await writeFile(file, before);
}
