import { open } from "node:fs/promises";
import { execa } from "execa";

const SECTOR = 512;
/** Types of the Discoverable Partitions Specification; the root of x86-64 and arm64. */
const ROOT_TYPES = ["4f68bce3-e8cd-4db1-96e7-fbcaf984b709", "b921b045-1df0-41c3-af44-4c6f280d3fae"];

export interface Partition {
  type: string;
  /** Bytes from the start of the disk. */
  offset: number;
}

/** The partitions of a GPT with sectors of 512 bytes (UEFI specification, chapter 5.3). */
export async function readPartitions(disk: string): Promise<Partition[]> {
  const file = await open(disk);
  try {
    const header = await readAt(file, SECTOR, SECTOR);
    if (header.toString("latin1", 0, 8) !== "EFI PART") throw new Error(`${disk} has no GPT`);
    const size = header.readUInt32LE(84);
    const table = await readAt(file, Number(header.readBigUInt64LE(72)) * SECTOR, header.readUInt32LE(80) * size);
    const entries = Array.from({ length: table.length / size }, (_, i) => table.subarray(i * size, (i + 1) * size));
    return entries.map(readEntry).filter(({ type }) => !/^[0-]*$/.test(type));
  } finally {
    await file.close();
  }
}

function readEntry(entry: Buffer): Partition {
  return { type: guid(entry.subarray(0, 16)), offset: Number(entry.readBigUInt64LE(32)) * SECTOR };
}

/** The first three fields are little-endian. */
function guid(bytes: Buffer): string {
  const fields = [bytes.subarray(0, 4), bytes.subarray(4, 6), bytes.subarray(6, 8)];
  const swapped = fields.map((field) => Buffer.from(field).reverse().toString("hex"));
  return [...swapped, bytes.toString("hex", 8, 10), bytes.toString("hex", 10, 16)].join("-");
}

async function readAt(file: Awaited<ReturnType<typeof open>>, position: number, length: number): Promise<Buffer> {
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer;
}

/** What debugfs(8) says of a file in the disk's ext4 root: permissions in octal, owner, target, capabilities. */
export async function statInRoot(disk: string, path: string) {
  const root = (await readPartitions(disk)).find(({ type }) => ROOT_TYPES.includes(type));
  if (root === undefined) throw new Error(`${disk} has no root partition`);
  const { stdout } = await execa("debugfs", ["-R", `stat ${path}`, `${disk}?offset=${root.offset}`], {
    env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin`, DEBUGFS_PAGER: "cat" },
  });
  const field = (pattern: RegExp) => pattern.exec(stdout)?.[1];
  return {
    inode: Number(field(/Inode: (\d+)/)),
    type: field(/Type: (\w+)/),
    mode: field(/Mode: +(\d+)/),
    uid: Number(field(/User: +(\d+)/)),
    gid: Number(field(/Group: +(\d+)/)),
    links: Number(field(/Links: (\d+)/)),
    target: field(/Fast link dest: "(.*)"/),
    capability: field(/security\.capability \(\d+\) = ([0-9a-f ]+)/)?.trim(),
  };
}
