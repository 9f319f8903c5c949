import { open } from "node:fs/promises";
import type { Context } from "../context.ts";

/** What a file is by its first bytes: a partitioned disk, a file system, an archive that may be compressed, or none of them. */
export type FileKind =
  | "disk"
  | "ext4"
  | "erofs"
  | "squashfs"
  | "btrfs"
  | "xfs"
  | "vfat"
  | "archive"
  | "compressed"
  | "other";

interface Magic {
  kind: FileKind;
  offset: number;
  bytes: Buffer;
}

const magic = (kind: FileKind, offset: number, text: string): Magic => ({
  kind,
  offset,
  bytes: Buffer.from(text, "latin1"),
});

/** Of the UEFI specification (behind a sector of 512 or 4096 bytes), file systems' super blocks, ustar(5), and compressors' formats. */
const MAGIC: Magic[] = [
  magic("disk", 512, "EFI PART"),
  magic("disk", 4096, "EFI PART"),
  magic("squashfs", 0, "hsqs"),
  magic("erofs", 1024, "\xe2\xe1\xf5\xe0"),
  magic("ext4", 1080, "\x53\xef"),
  magic("btrfs", 65_600, "_BHRfS_M"),
  magic("xfs", 0, "XFSB"),
  magic("vfat", 82, "FAT32   "),
  magic("vfat", 54, "FAT1"),
  magic("archive", 257, "ustar"),
  magic("compressed", 0, "\x1f\x8b"),
  magic("compressed", 0, "\xfd7zXZ\0"),
  magic("compressed", 0, "\x28\xb5\x2f\xfd"),
  magic("compressed", 0, "BZh"),
  magic("compressed", 0, "\x04\x22\x4d\x18"),
];

/** Where the last magic number ends. */
const LENGTH = 65_608;

export function sniff(path: string): Promise<FileKind> {
  return sniffFrom(path, 0);
}

/** Bytes: how large the sectors are that the GUID partition table of a disk counts in. */
export async function sectorSize(path: string): Promise<number> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 512);
    return buffer.toString("latin1") === "EFI PART" ? 512 : 4096;
  } finally {
    await file.close();
  }
}

/** As `sniff`, of what begins at an offset within the file; `other` for nothing known. */
export async function sniffFrom(path: string, start: number): Promise<FileKind> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LENGTH), 0, LENGTH, start);
    return kindOf(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

export function kindOf(start: Buffer): FileKind {
  const found = MAGIC.find(({ offset, bytes }) => start.subarray(offset, offset + bytes.length).equals(bytes));
  return found?.kind ?? "other";
}

/** Whether a compressed file is a tar archive. */
export async function holdsTar({ run }: Context, file: string): Promise<boolean> {
  const binds = [{ source: file, target: "/source", readOnly: true }];
  // What comes after the first block is nobody's: the writer's broken pipe is no failure.
  const script = "bsdcat /source 2>/dev/null | head --bytes=262 | tail --bytes=5";
  const { stdout } = await run(["sh", "-c", script], { binds, stdout: "capture" });
  return stdout === "ustar";
}
