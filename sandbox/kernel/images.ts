import { existsSync, lstatSync, readdirSync, readlinkSync } from "node:fs";
import { copyFile, rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import { byCodeUnit } from "../tree/walk.ts";
import { isUki } from "./pe.ts";
import { compareVersions } from "./version.ts";

const MODULES = "usr/lib/modules";
/** What a kernel version looks like inside a file name. */
const VERSION = /\d+\.\d+[\w\-.~^+]*/;

export interface KernelImage {
  /** As `uname -r` says it. */
  version: string;
  /** Relative to the root. */
  path: string;
}

/** The kernels of a tree, newest first, each with one image; prebuilt UKIs are no kernel images. */
export async function kernelImages(root: string): Promise<KernelImage[]> {
  const images: KernelImage[] = [];
  for (const version of kernelVersions(root)) {
    const path = await firstImage(root, version);
    if (path) images.push({ version, path });
  }
  return images;
}

/** Names of the folders below /usr/lib/modules, newest first. */
export function kernelVersions(root: string): string[] {
  const folder = join(root, MODULES);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort((a, b) => compareVersions(b, a) || byCodeUnit(b, a));
}

async function firstImage(root: string, version: string): Promise<string | undefined> {
  const names = readdirSync(join(root, MODULES, version)).sort(byCodeUnit);
  // ppc64el and riscv64 ship an uncompressed image; the compressed one wins where both are there.
  for (const prefix of ["vmlinuz", "vmlinux"])
    for (const name of names.filter((each) => each.startsWith(prefix))) {
      const path = join(MODULES, version, name);
      if (!(await isUki(join(root, path)))) return path;
    }
  return undefined;
}

/** Distributions that put kernels into /boot get a copy of each where systemd looks for it: beside its modules. */
export async function fixupVmlinuz(root: string): Promise<void> {
  const boot = join(root, "boot");
  if (!existsSync(boot)) return;
  for (const type of ["vmlinuz", "vmlinux"])
    for (const entry of readdirSync(boot, { withFileTypes: true })) {
      if (!entry.isFile() || !entry.name.startsWith(`${type}-`)) continue;
      const version = VERSION.exec(entry.name.slice(type.length + 1))?.[0] ?? onlyVersion(root);
      if (version) await copyBeside(join(boot, entry.name), join(root, MODULES, version), type);
    }
}

/** The one kernel whose modules are there: what an image without a version in its name belongs to. */
function onlyVersion(root: string): string | undefined {
  const versions = kernelVersions(root).filter((name) => VERSION.test(name));
  return versions.length === 1 ? versions[0] : undefined;
}

async function copyBeside(source: string, folder: string, name: string): Promise<void> {
  if (!existsSync(folder)) return;
  const target = join(folder, name);
  const found = lstatSync(target, { throwIfNoEntry: false });
  if (found?.isSymbolicLink() && readlinkSync(target).includes("boot/")) await rm(target);
  else if (found) return;
  await copyFile(source, target);
  const { atime, mtime } = lstatSync(source);
  await utimes(target, atime, mtime);
}
