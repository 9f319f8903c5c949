/** FAT file systems that firmware reads. */
import { BuildError } from "../errors.ts";
import type { ImagePlan } from "../protocol.ts";

const MIB = 1024 ** 2;

/** systemd-repart(8) makes file systems with sectors that fit on any disk, unless it is told what the disk's own are. */
export const ANY_DISK = 4096;
const SMALLEST = 512;

/**
 * Bytes of a partition that is large enough for a FAT32 with sectors of so many bytes. With fewer clusters than 65,525
 * firmware takes its tables for those of a FAT16, or refuses it (UEFI specification, 13.3; Microsoft: FAT specification,
 * "FAT type determination").
 */
export function leastFat32(sectorSize: number): number {
  return 65_536 * sectorSize + 4 * MIB;
}

type Disk = Pick<ImagePlan, "name" | "sectorSize" | "environment">;

interface Partition {
  type: string;
  /** Bytes. */
  raw_size: number;
}

/** Words for mkfs.vfat(8), so that firmware reads a small ESP too, where the disk's sectors are not given. */
export function fat32Options({ sectorSize }: Pick<Disk, "sectorSize">, partitions: readonly Partition[]): string[] {
  const isSmall = partitions.some(({ type, raw_size }) => isFirmwares(type) && raw_size < leastFat32(ANY_DISK));
  return sectorSize === undefined && isSmall ? ["-S", String(SMALLEST)] : [];
}

/** Of a disk that is to boot. Throws BuildError `esp-too-small`. */
export function requireFat32({ name, sectorSize, environment }: Disk, partitions: readonly Partition[]): void {
  const least = leastFat32(sectorSize ?? SMALLEST);
  const esp = partitions.find(({ type }) => type === "esp");
  if (!esp || esp.raw_size >= least || environment.SYSTEMD_REPART_MKFS_OPTIONS_VFAT !== undefined) return;
  const sectors = sectorSize === undefined ? "" : ` with sectors of ${sectorSize} bytes`;
  throw new BuildError(
    "esp-too-small",
    `${name}: the ESP has ${Math.floor(esp.raw_size / MIB)} MiB, and firmware reads no FAT32 of less than ${least / MIB} MiB${sectors}`,
    {
      hint: `set SizeMinBytes=${least / MIB}M in the definition of the ESP (repart.d(5))`,
    },
  );
}

function isFirmwares(type: string): boolean {
  return type === "esp" || type === "xbootldr";
}
