import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, readFile, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Context } from "../context.ts";
import { BuildError } from "../errors.ts";
import { step } from "../events.ts";
import { signEfi } from "../signing/efi.ts";
import { readOsRelease } from "../tree/os-release.ts";
import { walk } from "../tree/walk.ts";
import { efiBootBinary, wantEfi, wantKernel, wantUki } from "./boot-loader.ts";
import { commandLine, type Partition, treeCommandLine, verityWord } from "./command-line.ts";
import { isPe, type KernelImage, kernelImages } from "./images.ts";
import { modulesInitrd } from "./modules-initrd.ts";
import { makeUki } from "./uki.ts";

export interface BootJob {
  context: Context;
  /** Only read. */
  root: string;
  /** Files, outermost first; the initrd with the kernel's modules follows them. */
  initrds: readonly string[];
  /** Empty where the image has none, or while none has an id. */
  partitions: readonly Partition[];
}

/** A file that belongs into the tree's /boot or /efi. */
export interface BootFile {
  source: string;
  /** Relative to the root. */
  target: string;
}

/** Makes what boots the tree's kernels: a unified kernel image for each, or the files of a boot loader entry. Writes nothing into the tree. */
export async function makeBootFiles(job: BootJob): Promise<BootFile[]> {
  const { context, root } = job;
  if (!(await wantKernel(context, root))) return [];
  const kernels = await requireKernels(context, root);
  const token = await entryToken(root);
  const words = commandLine(await treeCommandLine(root), context.image.kernelCommandLine, job.partitions);
  const files: BootFile[] = [];
  for (const kernel of context.image.bootloader === "uki" ? kernels.slice(0, 1) : kernels) {
    const initrds = [...job.initrds, ...(await kernelInitrds(context, root, kernel))];
    const entry = { ...job, kernel, token, words, initrds };
    files.push(...(wantUki(context.image, root) ? [await unified(entry)] : await separate(entry)));
  }
  return files;
}

async function requireKernels(context: Context, root: string): Promise<KernelImage[]> {
  const kernels = await kernelImages(root);
  if (kernels.length > 0) return kernels;
  throw new BuildError(
    "kernel-missing",
    `${context.image.name}: Bootable=yes, and the image has no kernel: nothing matches /usr/lib/modules/*/vmlinuz`,
    { hint: `add a kernel to Packages=, such as linux-image-${context.image.packageArchitecture} on Debian` },
  );
}

async function kernelInitrds(context: Context, root: string, kernel: KernelImage): Promise<string[]> {
  if (!context.image.kernelModulesInitrd) return [];
  const output = join(context.work, "boot", kernel.version, "kernel-modules.initrd");
  await mkdir(dirname(output), { recursive: true });
  await step(context.emit, context.image.name, `Collect the modules of kernel ${kernel.version}`, () =>
    modulesInitrd(context, root, kernel.version, output),
  );
  return [output];
}

interface Entry extends BootJob {
  kernel: KernelImage;
  token: string;
  words: readonly string[];
}

async function unified({ context, root, kernel, token, words, initrds, partitions }: Entry): Promise<BootFile> {
  const hash = verityWord(partitions)?.split("=")[1];
  const name = [token, kernel.version, ...(hash ? [hash] : [])].join("-");
  const source = join(context.work, "boot", kernel.version, "unified.efi");
  await step(context.emit, context.image.name, `Make the unified kernel image ${name}`, () =>
    makeUki({ context, root, kernel, commandLine: words, initrds, output: source }),
  );
  const target = context.image.bootloader === "uki" ? efiBootBinary(context.image) : `boot/EFI/Linux/${name}.efi`;
  return { source, target };
}

/** A boot loader entry of type 1 (UAPI group: Boot Loader Specification). */
async function separate({ context, root, kernel, token, words, initrds }: Entry): Promise<BootFile[]> {
  const folder = `${token}/${kernel.version}`;
  const names = initrds.map((_, index) => `${folder}/initrd-${index}`);
  const entry = join(context.work, "boot", kernel.version, "entry.conf");
  await mkdir(dirname(entry), { recursive: true });
  const lines = [`title ${token} ${kernel.version}`, `version ${kernel.version}`, `linux /${folder}/vmlinuz`];
  lines.push(`options ${words.join(" ")}`, ...names.map((name) => `initrd /${name}`));
  await writeFile(entry, `${lines.join("\n")}\n`);
  const linux = await signedKernel(context, root, kernel);
  return [
    { source: linux, target: `boot/${folder}/vmlinuz` },
    ...initrds.map((source, index) => ({ source, target: `boot/${names[index]}` })),
    { source: entry, target: `boot/loader/entries/${token}-${kernel.version}.conf` },
  ];
}

/** A boot loader that the image's key did not sign would not trust a kernel that it did. */
async function signedKernel(context: Context, root: string, kernel: KernelImage): Promise<string> {
  const source = join(root, kernel.path);
  if (context.image.secureBootKey === undefined || !wantEfi(context.image) || !(await isPe(source))) return source;
  const target = join(context.work, "boot", kernel.version, "vmlinuz");
  await signEfi(context, source, target);
  return target;
}

/** What boot entries are named after, in kernel-install(8)'s order. */
export async function entryToken(root: string): Promise<string> {
  const read = async (path: string) => (existsSync(join(root, path)) ? readFile(join(root, path), "utf8") : "");
  const own = (await read("etc/kernel/entry-token")).trim();
  if (own !== "") return own;
  const machine = (await read("etc/machine-id")).trim();
  if (/^[0-9a-f]{32}$/.test(machine)) return machine;
  const { IMAGE_ID, ID } = readOsRelease(await read("usr/lib/os-release"));
  return IMAGE_ID || ID || "linux";
}

/** Copies the files into the tree, and gives everything in /boot and /efi a time of the build's. */
export async function placeBootFiles(root: string, files: readonly BootFile[], epoch: number): Promise<void> {
  for (const { source, target } of files) {
    const path = join(root, target);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await copyFile(source, path);
    await chmod(path, 0o600);
  }
  for (const folder of ["boot", "efi"]) await clampTimes(join(root, folder), epoch);
}

async function clampTimes(folder: string, epoch: number): Promise<void> {
  if (!existsSync(folder)) return;
  // Children first: nothing after it changes a folder's time.
  for (const { path, stats } of [...walk(folder)].reverse()) {
    if (stats.isSymbolicLink() || stats.mtimeMs <= epoch * 1000) continue;
    await utimes(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path, "latin1")]), epoch, epoch);
  }
}
