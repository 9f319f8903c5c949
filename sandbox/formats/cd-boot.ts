import { open, stat } from "node:fs/promises";
import type { WriteJob } from "../context.ts";
import { BuildError } from "../errors.ts";
import type { Partition } from "../kernel/command-line.ts";
import { EL_TORITO_AREA, elTorito } from "./el-torito.ts";

/** Bytes that a CD-ROM drive reads at once. */
const BLOCK = 2048;

/**
 * Makes the finished disk bootable from a CD-ROM drive, where ElTorito= says so. With `auto` it is left alone, as mkosi
 * does with systemd-repart before version 261: blkid(8) tells the whole disk for a file system of a CD afterwards.
 */
export async function makeCdBootable({ context, output }: WriteJob, partitions: readonly Partition[]): Promise<void> {
  const { image, epoch } = context;
  const { wanted, ...fields } = image.elTorito;
  if (wanted !== "enabled") return;
  const esp = partitions.find(({ type }) => type === "esp")?.offset;
  if (esp === undefined) throw impossible(image.name, "it has no ESP");
  const first = Math.min(...partitions.map(({ offset }) => offset ?? Number.POSITIVE_INFINITY));
  if (esp % BLOCK !== 0 || first < EL_TORITO_AREA.end)
    throw impossible(image.name, "its partitions leave no room for the boot catalog");
  const { size } = await stat(output);
  const disk = await open(output, "r+");
  try {
    await disk.write(elTorito({ size, esp, epoch, ...fields }), 0, undefined, EL_TORITO_AREA.start);
  } finally {
    await disk.close();
  }
}

function impossible(name: string, why: string): BuildError {
  return new BuildError(
    "el-torito",
    `${name}: ElTorito=yes, and the disk cannot be booted from a CD-ROM drive: ${why}`,
    {
      hint: "see the partition definitions of this image (repart.d(5)), or set ElTorito=no",
    },
  );
}
