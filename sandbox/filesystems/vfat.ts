import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BUILDROOT } from "../run.ts";
import type { TreeEntry } from "../tree/entries.ts";
import { type Filesystem, type FilesystemJob, outputPath, toolOptions } from "./filesystem.ts";
import { contentBytes } from "./retry.ts";

const MIB = 1 << 20;

/** mkfs.vfat(8), filled by mtools(1) in canonical order. Only files and folders have a place there, without owners. */
export const makeVfat: Filesystem = async (job) => {
  await writeFile(job.output, "");
  await truncate(
    job.output,
    job.size ?? Math.max(64 * MIB, Math.ceil((contentBytes(job) * 1.05) / MIB) * MIB + 40 * MIB),
  );
  const words = ["mkfs.vfat", "-i", job.uuid.slice(0, 8), "-n", job.label.slice(0, 11).toUpperCase(), "-F", "32"];
  words.push("-S", String(job.sectorSize), ...job.options, outputPath(job));
  const script = `${job.output}.script`;
  await writeFile(script, copies(job), "latin1");
  const binds = [...(toolOptions(job).binds ?? []), { source: script, target: "/run/caisson/script", readOnly: true }];
  await job.context.run(words, toolOptions(job));
  await job.context.run(["sh", "/run/caisson/script"], { root: job.root, rootReadOnly: true, binds });
};

/** One command for a folder, and one for a file. All times are the epoch, as mtools have it from SOURCE_DATE_EPOCH: FAT has none before 1980. */
function copies(job: FilesystemJob): string {
  const image = outputPath(job);
  const lines = job.entries.filter(({ path }) => path !== "").flatMap((entry) => copyOf(entry, image));
  return ["set -e", ...lines, ""].join("\n");
}

function copyOf({ path, kind, source, linkTo }: TreeEntry, image: string): string[] {
  const target = quoted(`::/${path}`);
  if (kind === "directory") return [`mmd -i ${image} ${target}`];
  if (kind !== "file") return [];
  return [`mcopy -p -Q -i ${image} ${quoted(join(BUILDROOT, source ?? linkTo ?? path))} ${target}`];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
