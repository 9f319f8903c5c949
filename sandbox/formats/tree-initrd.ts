import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { WriteJob } from "../context.ts";
import { compress } from "./compress.ts";
import { writeCpio } from "./cpio.ts";

/** The whole tree as an initrd, compressed as CompressOutput= says: what is inside a format that holds an initrd. */
export async function treeInitrd({ context, root, devices }: WriteJob): Promise<string> {
  const folder = join(context.work, "tree-initrd");
  await mkdir(folder, { recursive: true });
  const [archive, output] = [join(folder, "initrd.cpio"), join(folder, "initrd")];
  await writeCpio({ root, devices, epoch: context.epoch, output: archive });
  await compress(context, archive, output);
  await rm(archive);
  return output;
}
