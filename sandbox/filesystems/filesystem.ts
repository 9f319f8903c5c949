import { basename, dirname } from "node:path";
import type { Context } from "../context.ts";
import { tarStream } from "../formats/tar.ts";
import type { RunOptions } from "../run.ts";
import type { TreeEntry } from "../tree/entries.ts";

export interface FilesystemJob {
  context: Context;
  /** The mounted tree that has the contents of files. */
  root: string;
  /** Everything in the filesystem, its root first. */
  entries: readonly TreeEntry[];
  /** The file to make, on the volume. */
  output: string;
  uuid: string;
  label: string;
  /** Bytes. Absent: no larger than it has to be, with some room where it can be written to. */
  size?: number | undefined;
  compression?: string | undefined;
  compressionLevel?: string | undefined;
  /** Of btrfs: paths below the root. */
  subvolumes?: readonly { path: string; readOnly: boolean }[];
  defaultSubvolume?: string | undefined;
  /** Bytes; what the disk's own sectors have, or more. */
  sectorSize: number;
  /** Words that the user adds to the tool's command line. */
  options: readonly string[];
}

/** Makes a filesystem in a file. The same job gives the same bytes. */
export type Filesystem = (job: FilesystemJob) => Promise<void>;

const FOLDER = "/run/caisson/filesystem";

/** Where tools see the output. */
export function outputPath({ output }: FilesystemJob): string {
  return `${FOLDER}/${basename(output)}`;
}

/** What a tool needs to write the output. */
export function toolOptions({ output }: FilesystemJob): RunOptions {
  return { binds: [{ source: dirname(output), target: FOLDER }] };
}

/**
 * The same, for one that reads the entries as a tar archive from its standard input. ACLs are there as attributes alone:
 * libarchive, which some of them read with, would take a file's mode from the text.
 */
export function tarOptions(job: FilesystemJob): RunOptions {
  return { ...toolOptions(job), input: tarStream(job.root, job.entries, { acls: false }) };
}
