/**
 * Partitions are filled from the stream of the tree: their filesystems are made here, and systemd-repart copies them in as
 * they are. What a definition says that only systemd-repart can do leaves that partition to it.
 */
import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { WriteJob } from "../context.ts";
import { step } from "../events.ts";
import { filesystems } from "../filesystems/index.ts";
import { type TreeEntry, treeEntries } from "../tree/entries.ts";
import { filesystemEntries, missingSources } from "./contents.ts";
import { type Definition, isOn, lastValue, rewrite } from "./definitions.ts";
import { namedFailure } from "./failure.ts";
import { filesystemUuid } from "./ids.ts";
import { mountPoints } from "./mount-points.ts";
import { FILESYSTEM_SETTINGS, type Rules, rulesOf } from "./rules.ts";
import { requireFits } from "./sizes.ts";
import { specifiersOf } from "./specifiers.ts";

/** A partition as systemd-repart plans it. */
export interface Planned {
  type: string;
  label: string;
  uuid: string;
  /** The definition's path. */
  file: string;
  /** Bytes. */
  raw_size: number;
}

export interface Prepared {
  /** A folder of definitions to give to systemd-repart. */
  definitions: string;
  /** A folder of filesystems, to be shown as the tree's /run, whose content is none of an image; undefined for none. */
  filesystems: string | undefined;
}

/** Plans the disk from a folder of definitions. */
type Plan = (folder: string) => Promise<Planned[]>;

/** Makes the filesystems of all partitions but those of types that are `deferred`. */
export async function prepare(
  job: WriteJob,
  definitions: readonly Definition[],
  { deferred, plan }: { deferred: readonly string[]; plan: Plan },
): Promise<Prepared> {
  const folder = join(job.context.work, "partitions");
  const candidates = definitions.flatMap((definition) => candidate(job, definition) ?? []);
  const planned = candidates.length > 0 ? await planDisk(folder, definitions, plan) : [];
  const found = candidates.flatMap((each) => {
    const partition = planned.find(({ file }) => file.endsWith(`/${each.definition.name}`));
    return partition && !deferred.includes(partition.type) ? [{ ...each, partition }] : [];
  });
  const output = join(folder, "filesystems");
  if (found.length > 0) await makeAll(job, { found, planned, output });
  const made = new Set(found.map(({ definition }) => definition.name));
  const texts = definitions.map((definition): [string, string] => {
    const blocks = { CopyBlocks: `/run/${definition.name}` };
    const own = made.has(definition.name);
    return [
      definition.name,
      own ? rewrite(definition, (key) => FILESYSTEM_SETTINGS.has(key), blocks) : definition.text,
    ];
  });
  const rewritten = await writeFolder(join(folder, "definitions"), texts);
  return { definitions: rewritten, filesystems: found.length > 0 ? output : undefined };
}

interface Candidate {
  definition: Definition;
  format: string;
  rules: Rules;
  options: readonly string[];
}

function candidate({ context, root }: WriteJob, definition: Definition): Candidate | undefined {
  const format = lastValue(definition, "Format");
  if (format === undefined || !(format in filesystems)) return undefined;
  const rules = rulesOf(definition, specifiersOf(root));
  const options = context.image.environment[`SYSTEMD_REPART_MKFS_OPTIONS_${format.toUpperCase()}`] ?? "";
  const empty = rules && rules.copyFiles.length + rules.makeDirectories.length + rules.makeSymlinks.length === 0;
  if (!rules || empty || /["'\\]/.test(options) || !isSized(definition)) return undefined;
  return { definition, format, rules, options: options.split(/\s+/).filter((word) => word !== "") };
}

/** What encryption takes of a partition is known where its size is, or follows from its content. */
function isSized(definition: Definition): boolean {
  return (
    isOn(definition, "Minimize") || !isOn(definition, "Encrypt") || lastValue(definition, "SizeMinBytes") !== undefined
  );
}

/** Formats without a least size, which systemd-repart refuses where nothing is copied. */
const READ_ONLY = ["erofs", "squashfs"];

/** What decides a partition's place, size and ids; a format that can be written to has a least size. */
const PLANNED = new Set([
  ...["Type", "Label", "UUID", "Priority", "Weight", "PaddingWeight", "Format"],
  ...["SizeMinBytes", "SizeMaxBytes", "PaddingMinBytes", "PaddingMaxBytes"],
]);

async function planDisk(folder: string, definitions: readonly Definition[], plan: Plan): Promise<Planned[]> {
  const texts = definitions.map((definition): [string, string] => {
    const sizeless = isOn(definition, "Minimize") || READ_ONLY.includes(lastValue(definition, "Format") ?? "");
    const drop = (key: string) => !PLANNED.has(key) || (key === "Format" && sizeless);
    return [definition.name, rewrite(definition, drop, {})];
  });
  return plan(await writeFolder(join(folder, "plan"), texts));
}

async function writeFolder(folder: string, texts: readonly [string, string][]): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of texts) await writeFile(join(folder, name), text);
  return folder;
}

interface Found extends Candidate {
  partition: Planned;
}

/** LUKS2_METADATA_SIZE of systemd-repart, twice: its own header, and as much for those who encrypt anew. */
const ENCRYPTION = 32 << 20;

async function makeAll(
  job: WriteJob,
  { found, planned, output }: { found: Found[]; planned: Planned[]; output: string },
): Promise<void> {
  const { context, root, devices } = job;
  await mkdir(output, { recursive: true });
  const entries = await treeEntries(context, root, { devices });
  for (const { definition, format, rules, options, partition } of found) {
    const size = partition.raw_size - (isOn(definition, "Encrypt") ? ENCRYPTION : 0);
    const content = filesystemEntries({
      entries,
      rules,
      mountPoints: mountPoints(partition, planned),
      epoch: context.epoch,
    });
    tellMissing(job, definition, rules, entries);
    const make = filesystems[format];
    const filesystem = {
      ...{ context, root, options, entries: content, output: join(output, definition.name) },
      ...{ uuid: filesystemUuid(partition.uuid), label: partition.label, sectorSize: context.image.sectorSize ?? 4096 },
      size: isOn(definition, "Minimize") ? undefined : size,
      subvolumes: rules.subvolumes,
      defaultSubvolume: rules.defaultSubvolume,
      compression: lastValue(definition, "Compression"),
      compressionLevel: lastValue(definition, "CompressionLevel"),
    };
    const title = `Make the ${format} filesystem of ${definition.name}`;
    await step(context.emit, context.image.name, title, () =>
      namedFailure(context.image.name, { definition, format, size: filesystem.size, content }, async () =>
        make?.(filesystem),
      ),
    );
    const { size: made } = await stat(filesystem.output);
    // A least size that a format has may be above the largest one, and counts.
    if (made > size) requireFits(context.image.name, definition, made + partition.raw_size - size);
  }
}

/** systemd-repart passes over what is not there, and so does this; but it is told. */
function tellMissing({ context }: WriteJob, { name }: Definition, rules: Rules, entries: readonly TreeEntry[]): void {
  for (const source of missingSources(entries, rules)) {
    const message = `${context.image.name}: ${name}: CopyFiles=/${source}: the image has no such file or folder, and nothing is copied`;
    context.emit({ type: "notice", level: "warning", message });
  }
}
