import type { TreeEntry } from "../tree/entries.ts";
import { type Filesystem, outputPath, tarOptions } from "./filesystem.ts";

/** sqfstar(1) reads a tar archive, but takes the attributes of the root from its command line. ACLs have no place in squashfs. */
export const makeSquashfs: Filesystem = async (job) => {
  const { compression, compressionLevel: level } = job;
  const words = ["sqfstar", "-quiet", "-no-progress", ...rootOptions(job.entries[0])];
  if (compression) words.push("-comp", compression);
  if (level) words.push("-Xcompression-level", level);
  await job.context.run([...words, ...job.options, outputPath(job)], tarOptions(job));
};

function rootOptions(root: TreeEntry | undefined): string[] {
  if (!root) return [];
  const owner = ["-root-uid", String(root.uid), "-root-gid", String(root.gid)];
  const words = ["-root-mode", root.mode.toString(8), ...owner];
  for (const [name, value] of root.xattrs)
    if (!name.startsWith("system.")) words.push("-p", `/ x ${name}=0s${value.toString("base64")}`);
  return words;
}
