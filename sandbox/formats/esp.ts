import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { WriteJob, Writer } from "../context.ts";
import { entryToken, ukiName } from "../kernel/entry-name.ts";
import { keptBootParts } from "../kernel/kept.ts";
import { placeBootFiles } from "../kernel/place.ts";
import { isUkiLoader, loaderBinary } from "../kernel/wants.ts";
import { splitDefinitions } from "../outputs/parts.ts";
import { ANY_DISK, leastFat32 } from "../partitions/fat32.ts";
import type { ImagePlan } from "../protocol.ts";
import { walk } from "../tree/walk.ts";
import { repart } from "./disk.ts";
import { treeUki } from "./uki.ts";

const MIB = 1024 ** 2;
/** What the file system takes for itself. */
const METADATA = 10 * MIB;

/** A disk with one partition, an ESP: the boot loader of the tree, and a unified kernel image around the tree. */
export const writeEsp: Writer = async (job) => {
  const { context, root } = job;
  const folder = join(context.work, "esp.repart.d");
  await placeBootFiles(context, root, await bootFiles(job));
  await mkdir(folder, { recursive: true });
  const size = sizeBelow(root, "boot") + sizeBelow(root, "efi");
  await writeFile(join(folder, "00-esp.conf"), espDefinition(context.image, size));
  await repart(job, { folders: [folder], verity: false }, "only");
  await splitDefinitions(job.split, [folder]);
};

async function bootFiles(job: WriteJob) {
  const { context, root } = job;
  const { image } = context;
  const parts = image.bootable === "disabled" ? undefined : await keptBootParts(job.kept);
  if (!parts) return [];
  const name = ukiName(image, await entryToken(root), parts.version, []);
  const target = isUkiLoader(image) ? loaderBinary(image) : `boot/EFI/Linux/${name}.efi`;
  return [{ source: await treeUki(job, parts), target }];
}

/** The text of a repart.d(5) file for an ESP that has room for so many bytes of files. */
export function espDefinition(image: Pick<ImagePlan, "sectorSize">, bytes: number): string {
  const size = Math.max(bytes, leastFat32(image.sectorSize ?? ANY_DISK) - METADATA) + METADATA;
  const lines = ["[Partition]", "Type=esp", "Format=vfat", "CopyFiles=/boot:/", "CopyFiles=/efi:/"];
  return [...lines, `SizeMinBytes=${size}`, `SizeMaxBytes=${size + 4096}`, ""].join("\n");
}

/** Bytes of all files in a folder of the tree. */
function sizeBelow(root: string, name: string): number {
  const folder = join(root, name);
  if (!existsSync(folder)) return 0;
  return [...walk(folder)].reduce((sum, { stats }) => sum + (stats.isFile() ? stats.size : 0), 0);
}
