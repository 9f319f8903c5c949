import { createReadStream, createWriteStream, existsSync, readdirSync, statSync } from "node:fs";
import { appendFile, chmod, copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { WriteJob } from "../context.ts";
import { kernelImages } from "../kernel/images.ts";
import { modulesInitrd } from "../kernel/modules-initrd.ts";
import { isUki } from "../kernel/pe.ts";
import { compareVersions } from "../kernel/version.ts";
import { wantEfi } from "../kernel/wants.ts";
import { byCodeUnit } from "../tree/walk.ts";
import { writePcrs } from "./pcrs.ts";
import { writeSection } from "./pe-section.ts";

/** The newest kernel, its initrds, and the unified kernel image with both: there they may be signed, so that they are taken out of it. */
export async function splitBootFiles(job: WriteJob): Promise<void> {
  const uki = await unifiedImage(job);
  if (uki !== undefined) await put(job.split("uki"), (path) => copyFile(uki, path));
  await put(job.split("kernel"), (path) => writeKernel(job, uki, path));
  await put(job.split("initrd"), (path) => writeInitrd(job, uki, path));
  await put(job.split("kernel-modules-initrd"), (path) => writeModules(job, path));
  await writePcrs(job, uki);
}

/** Writes a file where it is asked for; `write` makes none where the image has no such part. */
async function put(path: string | undefined, write: (path: string) => Promise<void>): Promise<void> {
  if (path === undefined) return;
  await write(path);
  if (existsSync(path)) await chmod(path, 0o644);
}

/** The output itself, what firmware starts, or the newest that a boot loader lists. */
async function unifiedImage({ context: { image }, root, output }: WriteJob): Promise<string | undefined> {
  if (await isUnified(output)) return output;
  if (!wantEfi(image) || image.unifiedKernelImages === "none") return undefined;
  const newestFirst = (a: string, b: string) => compareVersions(b, a) || byCodeUnit(b, a);
  const paths = [
    ...efiFiles(join(root, "efi/EFI/BOOT")).sort(byCodeUnit),
    ...efiFiles(join(root, "boot/EFI/Linux")).sort(newestFirst),
  ];
  for (const path of paths) if (await isUnified(path)) return path;
  return undefined;
}

function efiFiles(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.filter((name) => /\.efi$/i.test(name)).map((name) => join(folder, name));
}

async function isUnified(path: string): Promise<boolean> {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true && (await isUki(path));
}

async function writeKernel({ root }: WriteJob, uki: string | undefined, path: string): Promise<void> {
  if (uki !== undefined && (await writeSection(uki, ".linux", path))) return;
  const [kernel] = await kernelImages(root);
  if (kernel) await copyFile(join(root, kernel.path), path);
}

/** Outside of a unified kernel image, nothing where the image has no initrd but that of the kernel's modules. */
async function writeInitrd(job: WriteJob, uki: string | undefined, path: string): Promise<void> {
  if (uki !== undefined && (await writeSection(uki, ".initrd", path))) return;
  const [kernel] = await kernelImages(job.root);
  if (!kernel || job.initrds.length === 0) return;
  const modules = join(job.context.work, "split-modules.initrd");
  await writeModules(job, modules);
  await concatenate([...job.initrds.map(({ source }) => source), ...(existsSync(modules) ? [modules] : [])], path);
  await rm(modules, { force: true });
}

async function writeModules({ context, root }: WriteJob, path: string): Promise<void> {
  const [kernel] = await kernelImages(root);
  if (kernel && context.image.kernelModulesInitrd) await modulesInitrd(context, root, kernel.version, path);
}

/** Each begins at a multiple of four bytes (the kernel's Documentation/driver-api/early-userspace/buffer-format.rst). */
async function concatenate(files: readonly string[], path: string): Promise<void> {
  await appendFile(path, "");
  for (const [index, file] of files.entries()) {
    await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), createWriteStream(path, { flags: "a" }));
    const over = statSync(path).size % 4;
    if (over > 0 && index < files.length - 1) await appendFile(path, Buffer.alloc(4 - over));
  }
}
