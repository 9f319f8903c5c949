import { stat, truncate } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { Context } from "../context.ts";

/** Grows a disk to the size that OutputSize= says, and moves the second copy of its partition table to the new end (sfdisk(8)). */
export async function growDisk({ image, run, emit }: Context, disk: string): Promise<void> {
  const { outputSize, format } = image;
  if (outputSize === undefined || format !== "disk") return;
  const { size } = await stat(disk);
  if (outputSize <= size) {
    const message = `${image.name}: the disk has ${size} bytes already, so OutputSize=${outputSize} changes nothing`;
    emit({ type: "notice", level: "warning", message });
    return;
  }
  await truncate(disk, outputSize);
  const sectors = image.sectorSize === undefined ? [] : ["--sector-size", String(image.sectorSize)];
  const words = ["sfdisk", "--no-reread", "--no-tell-kernel", ...sectors, "--relocate", "gpt-bak-std"];
  await run([...words, `/output/${basename(disk)}`], { binds: [{ source: dirname(disk), target: "/output" }] });
}
