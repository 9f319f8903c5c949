/** Lists of an image's packages, in the formats of mkosi's manifests. */
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { packageManagers } from "../package-managers/index.ts";
import type { InstalledPackage } from "../package-managers/package-manager.ts";
import type { ImagePlan } from "../protocol.ts";
import { baseTrees } from "../steps/base-trees.ts";
import { readOsRelease } from "../tree/os-release.ts";
import { mountOverlay } from "../tree/overlay.ts";
import { besidePath } from "./beside.ts";
import { changelogReport } from "./changelog.ts";
import { installedPackages } from "./installed.ts";

/** Writes what ManifestFormat= asks for beside the output; nothing for an image that has neither packages nor the release file of an extension. */
export async function writeManifests(context: Context, stack: string[], staging: string): Promise<void> {
  const { image, work } = context;
  if (image.manifestFormat.length === 0) return;
  const packages = await ownPackages(context, stack);
  const overlay = await mountOverlay(stack, join(work, "manifest"));
  try {
    const extension = extensionRelease(image, overlay.root);
    if (packages.length === 0 && Object.keys(extension).length === 0) return;
    for (const format of image.manifestFormat) {
      const json = format === "json";
      const text = json ? manifestJson(image, packages, extension) : await changelogReport(overlay.root, packages);
      await writeFile(besidePath(image, staging, format), text);
    }
  } finally {
    await overlay.unmount();
  }
}

/** As in mkosi, what the image's own build installed: without what its base trees brought. */
async function ownPackages(context: Context, stack: string[]): Promise<InstalledPackage[]> {
  const packages = await installedPackages(stack);
  const base = await baseTrees(context);
  if (!base) return packages;
  const overlay = await mountOverlay(base.stack, join(context.work, "manifest-base"));
  try {
    const brought = await packageManagers[context.image.packageManager].installed(context, overlay.root);
    const words = ({ name, version, architecture }: InstalledPackage) => `${name} ${version} ${architecture}`;
    const known = new Set(brought.map(words));
    return packages.filter((each) => !known.has(words(each)));
  } finally {
    await overlay.unmount();
  }
}

/** The fields of a package are those of https://systemd.io/COREDUMP_PACKAGE_METADATA/. */
export function manifestJson(
  image: ImagePlan,
  packages: readonly InstalledPackage[],
  extension: Record<string, string | undefined>,
): string {
  const config = {
    name: image.imageId ?? "image",
    distribution: image.distribution,
    architecture: image.architecture,
    output_format: image.format,
    ...(image.imageVersion === undefined ? {} : { version: image.imageVersion }),
    release: image.release,
  };
  const plain = packages.map(({ type, name, version, architecture, size }) => ({
    ...{ type, name, version, architecture, size },
  }));
  return JSON.stringify({ manifest_version: 1, config, packages: plain, extension }, undefined, 2);
}

/** Where an extension says what it is laid over: extension-release(5), in the folder that its kind of extension brings. */
const EXTENSIONS: Record<string, string> = { sysext: "usr/lib", confext: "etc" };

function extensionRelease({ format, output }: ImagePlan, root: string): Record<string, string | undefined> {
  const folder = EXTENSIONS[format];
  if (folder === undefined) return {};
  const file = join(root, folder, `extension-release.d/extension-release.${output}`);
  return existsSync(file) ? readOsRelease(readFileSync(file, "utf8")) : {};
}
