/** Sections of PE files (Microsoft: "PE Format", sections COFF File Header and Section Table). */
import { open } from "node:fs/promises";

export interface Section {
  name: string;
  /** Bytes from the start of the file. */
  offset: number;
  /** Bytes, without the padding on disk. */
  size: number;
}

/** None where the file is no PE file. */
export async function peSections(file: string): Promise<Section[]> {
  const handle = await open(file);
  try {
    const head = Buffer.alloc(4096);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    if (bytesRead < 64 || head.toString("latin1", 0, 2) !== "MZ") return [];
    const coff = head.readUInt32LE(60);
    if (coff + 24 > bytesRead || head.toString("latin1", coff, coff + 4) !== "PE\0\0") return [];
    const start = coff + 24 + head.readUInt16LE(coff + 20);
    const end = Math.min(start + 40 * head.readUInt16LE(coff + 6), bytesRead - 24);
    const sections: Section[] = [];
    for (let at = start; at < end; at += 40) sections.push(section(head, at));
    return sections;
  } finally {
    await handle.close();
  }
}

/** The size in memory may be smaller than that on disk, which is padded, or larger, where zeros follow. */
function section(head: Buffer, at: number): Section {
  const name = head.toString("latin1", at, at + 8).replace(/\0.*$/s, "");
  const size = Math.min(head.readUInt32LE(at + 8), head.readUInt32LE(at + 16));
  return { name, offset: head.readUInt32LE(at + 20), size };
}

/** A section's content; undefined where the file has none of this name, or is no PE file. */
export async function readSection(file: string, name: string): Promise<Buffer | undefined> {
  const found = (await peSections(file)).find((each) => each.name === name);
  if (!found) return undefined;
  const handle = await open(file);
  try {
    const { buffer } = await handle.read(Buffer.alloc(found.size), 0, found.size, found.offset);
    return buffer;
  } finally {
    await handle.close();
  }
}

/** Tells a unified kernel image from a plain kernel by its sections (UAPI group: Unified Kernel Image specification). */
export async function isUki(file: string): Promise<boolean> {
  const names = (await peSections(file)).map(({ name }) => name);
  return [".linux", ".sdmagic", ".osrel"].every((name) => names.includes(name));
}

/** The version of systemd-stub, or of anything that was made with it; undefined where it does not tell. */
export async function stubVersion(file: string): Promise<number | undefined> {
  const text = (await readSection(file, ".sdmagic"))?.toString("latin1") ?? "";
  const version = /#### LoaderInfo: systemd-stub (\d+)/.exec(text)?.[1];
  return version === undefined ? undefined : Number(version);
}
