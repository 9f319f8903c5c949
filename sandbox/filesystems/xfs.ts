import { mkdir, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { BuildError } from "../errors.ts";
import { BUILDROOT } from "../run.ts";
import type { TreeEntry } from "../tree/entries.ts";
import { type Filesystem, type FilesystemJob, outputPath, toolOptions } from "./filesystem.ts";
import { fixed } from "./fixed.ts";
import { contentBytes, inSize } from "./retry.ts";
import { setAttributes } from "./xfs-attributes.ts";

const MIB = 1 << 20;
/** What mkfs.xfs makes at least. */
const LEAST = 300 * MIB;

/** mkfs.xfs(8) reads a prototype file, which names everything in order. It has no place for times. */
export const makeXfs: Filesystem = async (job) => {
  const [prototype, links] = [`${job.output}.prototype`, `${job.output}.links`];
  await mkdir(links);
  await writeFile(prototype, await prototypeOf(job, links), "latin1");
  // A log of 64 MiB, half a KiB for an inode.
  const guess = Math.max(LEAST, contentBytes(job) * 1.02 + job.entries.length * 1024 + 96 * MIB);
  const path = seenByTools(job, prototype);
  const words = ["mkfs.xfs", "-q", "-K", "-L", job.label.slice(0, 12), "-m", `uuid=${job.uuid}`, "-m", "reflink=1"];
  words.push("-p", `${path},slashes_are_spaces=1`, "-s", `size=${job.sectorSize}`, ...job.options, outputPath(job));
  const options = { ...toolOptions(job), root: job.root, rootReadOnly: true };
  await inSize(job, guess, async () => void (await job.context.run([...fixed(job), ...words], options)));
  await setAttributes(job);
};

function seenByTools(job: FilesystemJob, file: string): string {
  return `${dirname(outputPath(job))}/${basename(file)}`;
}

/** The boot program and the size, which nobody reads, the root, and its content (mkfs.xfs(8), -p). */
async function prototypeOf(job: FilesystemJob, links: string): Promise<string> {
  const [root, ...rest] = job.entries;
  if (!root) throw new Error("a filesystem has a root");
  const lines = ["/", "0 0", attributes(root)];
  let depth = 0;
  for (const entry of rest) {
    const parts = entry.path.split("/");
    for (; depth > parts.length - 1; depth--) lines.push("$");
    lines.push([nameOf(job, entry), attributes(entry), ...(await sourceOf(job, entry, links))].join(" "));
    if (entry.kind === "directory") depth = parts.length;
  }
  return [...lines, ...Array(depth + 1).fill("$"), ""].join("\n");
}

/** Slashes, which no name has, stand for spaces. */
function nameOf(job: FilesystemJob, entry: TreeEntry): string {
  const name = entry.path.slice(entry.path.lastIndexOf("/") + 1);
  if (/[\t\n\v\f\r]|^[:$]/.test(name)) throw unsupported(job, entry, "name like this");
  return name.replaceAll(" ", "/");
}

const TYPES: Record<TreeEntry["kind"], string> = {
  file: "-",
  directory: "d",
  symlink: "l",
  character: "c",
  block: "b",
  fifo: "p",
};

/** Type, setuid and setgid as letters, permissions, owner. */
function attributes({ kind, mode, uid, gid }: TreeEntry): string {
  const special = (mode & 0o4000 ? "u" : "-") + (mode & 0o2000 ? "g" : "-");
  return `${TYPES[kind]}${special}${(mode & 0o777).toString(8).padStart(3, "0")} ${uid} ${gid}`;
}

async function sourceOf(job: FilesystemJob, entry: TreeEntry, links: string): Promise<(string | number)[]> {
  if (entry.device) return [entry.device.major, entry.device.minor];
  const target = entry.target?.toString("latin1") ?? "";
  if (/\s/.test(target)) throw unsupported(job, entry, "white space in the target of a link");
  if (entry.kind === "symlink") return [target];
  if (entry.kind !== "file") return [];
  const path = join(BUILDROOT, entry.source ?? entry.linkTo ?? entry.path);
  return [/\s/.test(path) ? await linkTo(job, path, links) : path];
}

/** White space ends a path: a file with any in its own is reached through a link. */
async function linkTo(job: FilesystemJob, path: string, links: string): Promise<string> {
  const name = Buffer.from(path, "latin1").toString("hex").slice(-64) + String(path.length);
  await symlink(Buffer.from(path, "latin1"), join(links, name));
  return `${seenByTools(job, links)}/${name}`;
}

export function unsupported({ context }: FilesystemJob, { path }: TreeEntry, what: string): BuildError {
  const message = `${context.image.name}: an XFS filesystem cannot be made with /${path}: xfsprogs take no ${what}`;
  return new BuildError("filesystem-unsupported", message, {
    hint: "choose another Format= for the partition, such as ext4, or keep the file out with ExcludeFiles=",
  });
}
