import { mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Context } from "../context.ts";
import { BuildError } from "../errors.ts";
import type { BootFile, BootJob, KernelFiles, KernelJob, NamedInitrd } from "./boot-job.ts";
import { commandLine, treeCommandLine } from "./command-line.ts";
import { entryToken } from "./entry-name.ts";
import { wantGrubBios, wantGrubEfi } from "./grub.ts";
import { fitsGrubBios } from "./grub-bios.ts";
import { grubFiles } from "./grub-files.ts";
import { type KernelImage, kernelImages } from "./images.ts";
import { microcodeInitrd } from "./microcode.ts";
import { separateFiles } from "./type1.ts";
import { makeProfiles, requireStub } from "./uki.ts";
import { unifiedFiles } from "./unified.ts";
import { isUkiLoader, wantKernel, wantPrebuiltUki, wantUki } from "./wants.ts";

/** Makes what boots the tree's kernels: a unified kernel image for each, or the files of a boot loader entry. Writes nothing into the tree. */
export async function makeBootFiles(job: BootJob): Promise<BootFile[]> {
  const { context, root, partitions } = job;
  const { image } = context;
  if (!(await wantKernel(context, root))) return [];
  const kernels = await requireKernels(context, root);
  const words = commandLine(await treeCommandLine(root), image.kernelCommandLine, partitions);
  const shared = await preparation(job, words);
  const results: KernelFiles[] = [];
  for (const kernel of isUkiLoader(image) ? kernels.slice(0, 1) : kernels)
    results.push(await kernelFiles({ ...shared, kernel }));
  const entries = results.flatMap((result) => result.entries);
  return [...results.flatMap(({ files }) => files), ...(await grubFiles(context, root, entries))];
}

/** Whether makeBootFiles is to be told the partitions because of grub, which boots a kernel only by the id of its root. */
export function grubNeedsPartitions({ image }: Context, root: string): boolean {
  return wantGrubBios(image, root) || (wantGrubEfi(image, root) && !wantUki(image, root));
}

/** What all kernels share. */
async function preparation(job: BootJob, words: readonly string[]): Promise<Omit<KernelJob, "kernel">> {
  const { context, root } = job;
  const { image } = context;
  const builds = wantUki(image, root) && !wantPrebuiltUki(image) && image.ukiProfiles.length > 0;
  const profiles = builds ? await makeProfiles(context, requireStub(image, root, "addon"), words) : [];
  const microcode = job.microcode.length > 0 ? job.microcode : await ownMicrocode(context, root);
  return { ...job, token: await entryToken(root), commandLine: words, microcode, profiles };
}

async function ownMicrocode(context: Context, root: string): Promise<NamedInitrd[]> {
  const source = join(context.work, "boot", "microcode.initrd");
  await mkdir(dirname(source), { recursive: true });
  return (await microcodeInitrd(context, root, source)) ? [{ source, name: basename(source) }] : [];
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

/** A BIOS boots no unified kernel image, so that grub gets the kernel for itself once more. */
async function kernelFiles(job: KernelJob): Promise<KernelFiles> {
  const { image } = job.context;
  const bios = wantGrubBios(image, job.root) && fitsGrubBios(image, job.partitions);
  const unified = wantUki(image, job.root) ? await unifiedFiles(job) : undefined;
  if (unified && !bios) return unified;
  const separate = await separateFiles(job, bios);
  const { files, entries } = unified ?? { files: [], entries: [] };
  return { files: [...files, ...separate.files], entries: [...entries, ...separate.entries] };
}
