import { existsSync, lstatSync, readdirSync, readlinkSync } from "node:fs";
import { copyFile, open, rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import { byCodeUnit } from "../tree/walk.ts";
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

/** Tells a unified kernel image from a plain one by its sections (UAPI group: Unified Kernel Image specification). */
async function isUki(file: string): Promise<boolean> {
  const sections = await peSections(file);
  return [".linux", ".sdmagic", ".osrel"].every((name) => sections.includes(name));
}

/** Whether UEFI firmware can start the file itself, so that it can be signed: a kernel with the EFI stub. */
export async function isPe(file: string): Promise<boolean> {
  return (await peSections(file)).length > 0;
}

/** Names of a PE file's sections (Microsoft: "PE Format", sections COFF File Header and Section Table); none where it is no PE file. */
async function peSections(file: string): Promise<string[]> {
  const handle = await open(file);
  try {
    const head = Buffer.alloc(4096);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    if (bytesRead < 64 || head.toString("latin1", 0, 2) !== "MZ") return [];
    const coff = head.readUInt32LE(60);
    if (coff + 24 > bytesRead || head.toString("latin1", coff, coff + 4) !== "PE\0\0") return [];
    const start = coff + 24 + head.readUInt16LE(coff + 20);
    const end = Math.min(start + 40 * head.readUInt16LE(coff + 6), bytesRead - 8);
    const names: string[] = [];
    for (let at = start; at < end; at += 40) names.push(head.toString("latin1", at, at + 8).replace(/\0.*$/s, ""));
    return names;
  } finally {
    await handle.close();
  }
}
