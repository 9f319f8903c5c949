import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BuildError } from "../errors.ts";
import type { BootFile, KernelFiles, KernelJob, NamedInitrd } from "./boot-job.ts";
import { type Partition, rootWord } from "./command-line.ts";
import { type Devicetree, devicetrees } from "./devicetrees.ts";
import { wantGrubEfi } from "./grub.ts";
import { linuxEntry } from "./grub-config.ts";
import { kernelInitrds } from "./modules-initrd.ts";
import { peSections } from "./pe.ts";
import { isSigned, wantEfi, wantUki } from "./wants.ts";

/** The kernel beside its initrds, with an entry for boot loaders of the Boot Loader Specification, and one for grub. */
export async function separateFiles(job: KernelJob, bios: boolean): Promise<KernelFiles> {
  const { context, root, token, kernel, partitions, commandLine } = job;
  const modules = await kernelInitrds(context, root, kernel.version);
  const entry = await type1Entry(job, [...job.microcode, ...job.initrds], modules);
  const efi = wantGrubEfi(context.image, root) && !wantUki(context.image, root);
  if (!efi && !bios) return { files: entry.files, entries: [] };
  const platforms = [...(efi ? (["efi"] as const) : []), ...(bios ? (["pc"] as const) : [])];
  const title = `${token}-${kernel.version}`;
  const menu = linuxEntry({ ...entry, title, platforms, commandLine: withRoot(commandLine, partitions) });
  return { files: entry.files, entries: [menu] };
}

/** grub does not tell systemd which disk it booted from, so that the root has to be named. */
function withRoot(words: readonly string[], partitions: readonly Partition[]): string[] {
  const root = rootWord(partitions);
  const isNamed = words.some((word) => word === root || /^(root|mount\.usr)=PARTUUID=/.test(word));
  return root === undefined || isNamed ? [...words] : [root, ...words];
}

interface Entry {
  files: BootFile[];
  /** Absolute on the ESP, as the initrds. */
  kernel: string;
  initrds: string[];
}

/** The files of a boot loader entry of type 1 (UAPI group: Boot Loader Specification). */
async function type1Entry(
  job: KernelJob,
  shared: readonly NamedInitrd[],
  modules: readonly NamedInitrd[],
): Promise<Entry> {
  const { context, root, kernel, token } = job;
  const folder = `${token}/${kernel.version}`;
  const initrds = [
    ...distinct(shared).map(({ source, name }) => ({ source, path: `${token}/${name}` })),
    ...modules.map(({ source, name }) => ({ source, path: `${folder}/${name}` })),
  ];
  const tree = onlyDevicetree(job);
  const lines = [`title ${token} ${kernel.version}`, `version ${kernel.version}`, `linux /${folder}/vmlinuz`];
  lines.push(`options ${job.commandLine.join(" ")}`, ...initrds.map(({ path }) => `initrd /${path}`));
  if (tree) lines.push(`devicetree /${folder}/${tree.name}`);
  const entry = join(context.work, "boot", kernel.version, "entry.conf");
  await mkdir(dirname(entry), { recursive: true });
  await writeFile(entry, `${lines.join("\n")}\n`);
  const linux = { source: join(root, kernel.path), target: `boot/${folder}/vmlinuz` };
  const files: BootFile[] = [
    (await isSignable(job)) ? { ...linux, signedBy: "build" } : linux,
    ...initrds.map(({ source, path }) => ({ source, target: `boot/${path}` })),
    ...(tree ? [{ source: join(root, tree.path), target: `boot/${folder}/${tree.name}` }] : []),
    { source: entry, target: `boot/loader/entries/${token}-${kernel.version}.conf` },
  ];
  return { files, kernel: `/${folder}/vmlinuz`, initrds: initrds.map(({ path }) => `/${path}`) };
}

/** A kernel with the EFI stub, which UEFI firmware can start; a signed boot loader trusts its distribution alone. */
async function isSignable({ context: { image }, root, kernel }: KernelJob): Promise<boolean> {
  const file = join(root, kernel.path);
  return wantEfi(image) && !isSigned(image.bootloader) && (await peSections(file)).length > 0;
}

/** Files of one name lie in one folder: a later one is told apart by its number. */
function distinct(initrds: readonly NamedInitrd[]): NamedInitrd[] {
  const isTaken = (name: string, index: number) => initrds.slice(0, index).some((other) => other.name === name);
  return initrds.map(({ source, name }, index) => ({ source, name: isTaken(name, index) ? `${index}-${name}` : name }));
}

/** An entry can have but one. */
function onlyDevicetree({ context, root, kernel }: KernelJob): Devicetree | undefined {
  const { image } = context;
  if (image.devicetrees.length === 0) return undefined;
  const found = devicetrees(root, kernel.version, image.devicetrees);
  if (found.length === 1) return found[0];
  throw new BuildError(
    "devicetrees",
    `${image.name}: Devicetrees= finds ${found.length} devicetrees of kernel ${kernel.version}, and a boot loader entry takes one`,
    { hint: "name one of them, or use unified kernel images, which choose by the hardware (UnifiedKernelImages=)" },
  );
}
