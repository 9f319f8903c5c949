import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { fixupVmlinuz } from "../kernel/images.ts";
import type { Metadata, Package, PackageManager } from "../package-managers/package-manager.ts";
import { type Layer, layer } from "../tree/layers.ts";
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

/** The second layer: the packages asked for, and the databases that are made from what they bring. */
export async function packagesLayer(
  context: Context,
  manager: PackageManager,
  metadata: Metadata,
  packages: Package[],
  parent: Layer,
): Promise<Layer> {
  const { image } = context;
  return layer(context, {
    name: "packages",
    title: packages.length === 1 ? "Installing 1 package" : `Installing ${packages.length} packages`,
    parent,
    inputs: {
      names: image.packages,
      packages: packages.map(identity),
      withRecommends: image.withRecommends,
      sources: image.imageRepositories,
    },
    build: async (root) => {
      if (image.packages.length > 0) {
        await manager.fetch(context, packages);
        const machineId = await readFile(join(root, "etc/machine-id"));
        await manager.install(context, metadata, root, image.packages, packages);
        // Older packages of systemd put a random one in place of the word "uninitialized".
        await writeFile(join(root, "etc/machine-id"), machineId);
      }
      for (const file of OF_ONE_MACHINE) await rm(join(root, file), { force: true });
      await fixupVmlinuz(root);
      await depmod(context, root);
      await hwdb(context, root);
      await manager.forgetTimes(root);
    },
  });
}
