import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { BuildError } from "../errors.ts";
import { installBootLoaders } from "../kernel/boot-loader.ts";
import { filterModules } from "../kernel/filter.ts";
import { fixupVmlinuz } from "../kernel/images.ts";
import { keepBootParts } from "../kernel/kept.ts";
import { recordInstalled } from "../outputs/installed.ts";
import type { PackageManager } from "../package-managers/package-manager.ts";
import { IdentityPart, KernelPart } from "../protocol.ts";
import { systemSigningInputs } from "../signing/inputs.ts";
import { trustVerity } from "../signing/trust.ts";
import { removeMatching } from "../tree/glob.ts";
import { valueHash } from "../tree/hash.ts";
import { partInputs } from "../tree/inputs.ts";
import { KEPT, type Layer, layer } from "../tree/layers.ts";
import { depmod } from "./depmod.ts";
import { extensionRelease, mountPoints } from "./extension.ts";
import { firstBoot } from "./first-boot.ts";
import { autologin, clockEpoch, initrdFiles, osRelease } from "./identity.ts";
import { sshUnits } from "./ssh.ts";
import { locales, presets, sysusers, tmpfiles } from "./systemd.ts";

/** The system's own settings on top of packages and files, in mkosi's order. */
export async function systemLayer(context: Context, manager: PackageManager, parent: Layer): Promise<Layer> {
  const { image } = context;
  return layer(context, {
    name: "system",
    title: "Configuring the system",
    parent,
    inputs: await systemInputs(context),
    build: async (root, _devices, beside) => {
      if (!image.partial) checkPopulated(root);
      await fixupVmlinuz(root);
      await autologin(context, root);
      if (!image.partial) await osRelease(context, root);
      await extensionRelease(context, root);
      if (!image.partial) await initrdFiles(context, root);
      await sshUnits(context, root);
      if (!image.partial) await clockEpoch(root);
      await trustVerity(context, root);
      await mountPoints(context, root);
      await installBootLoaders(context, root);
      if (!image.partial) await runSystemd(context, root);
      if (!image.overlay) await filterModules(context, root);
      if (!image.overlay) await depmod(context, root);
      if (!image.partial) await firstBoot(context, root);
      await keepBootParts(context, root, join(beside, KEPT));
      await manager.remove(context, root, image.removePackages);
      await recordInstalled(context, manager, root, beside);
      await manager.forgetTimes(root);
      await manager.clean(context, root);
      await removeMatching(root, image.removeFiles);
    },
  });
}

/** What systemd's tools, and Debian's, make of a whole system's configuration. */
async function runSystemd(context: Context, root: string): Promise<void> {
  await locales(context, root);
  await sysusers(context, root);
  await tmpfiles(context, root);
  await presets(context, root);
}

async function systemInputs(context: Context): Promise<Record<string, unknown>> {
  const { image, seed } = context;
  const { removePackages, removeFiles, format, cleanPackageMetadata } = image;
  const { bootable, bootloader, biosBootloader, shimBootloader, grub, microcodeFor } = image;
  const { overlay, partial } = image;
  return {
    ...(await partInputs(image, IdentityPart, KernelPart)),
    ...{ removePackages, removeFiles, format, cleanPackageMetadata },
    ...{ bootable, bootloader, biosBootloader, shimBootloader, grub, microcodeFor },
    ...{ overlay, partial },
    // Hashed, because what a layer was made from is kept to explain its next rebuild.
    rootPassword: image.rootPassword ? valueHash({ ...image.rootPassword, seed }) : undefined,
    ...(await systemSigningInputs(context)),
  };
}

function checkPopulated(root: string): void {
  if (existsSync(join(root, "usr/lib/os-release"))) return;
  throw new BuildError("tree-empty", "the image has no /usr/lib/os-release: nothing populated it", {
    hint: "Packages=, SkeletonTrees= or ExtraTrees= have to bring an operating system.",
  });
}
