import { createWriteStream, statSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { tarStream } from "../formats/tar.ts";
import type { TreeEntry } from "../tree/entries.ts";
import { fileHash } from "../tree/hash.ts";
import { bytePath } from "../tree/walk.ts";
import type { DiskJob } from "./disk.ts";
import { ovfDescriptor } from "./ovf.ts";

/**
 * An Open Virtual Appliance (DSP0243, "OVF package"): a tar archive of the descriptor, the manifest with the sums of the
 * others, and the disk, in this order. `disk` writes the disk to the path that it is given.
 */
export async function writeOva(job: DiskJob, disk: (path: string) => Promise<void>): Promise<void> {
  const { plan, raw, output, work } = job;
  const name = basename(output, ".ova");
  const names = { descriptor: `${name}.ovf`, manifest: `${name}.mf`, disk: `${name}-disk1.vmdk` };
  await disk(join(work, names.disk));
  const size = statSync(join(work, names.disk)).size;
  const facts = { ...plan.machine, disk: { file: names.disk, size, capacity: statSync(raw).size } };
  await writeFile(join(work, names.descriptor), ovfDescriptor(facts));
  const sums = [names.descriptor, names.disk].map(
    async (each) => `SHA256(${each})= ${await fileHash(join(work, each))}\n`,
  );
  await writeFile(join(work, names.manifest), (await Promise.all(sums)).join(""));
  const entries = [names.descriptor, names.manifest, names.disk].map((each) => entryOf(work, each));
  await pipeline(tarStream(work, entries), createWriteStream(output));
}

function entryOf(folder: string, name: string): TreeEntry {
  const { size } = statSync(join(folder, name));
  return { path: bytePath(name), kind: "file", mode: 0o644, uid: 0, gid: 0, mtime: 0, size, xattrs: new Map() };
}
