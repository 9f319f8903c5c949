import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import * as z from "zod";
import type { Context, WriteJob, Writer } from "../context.ts";
import { BuildError, ToolError } from "../errors.ts";
import { step } from "../events.ts";
import type { BootFile } from "../kernel/boot-job.ts";
import { type Partition, verityWord, waitsForPartitions } from "../kernel/command-line.ts";
import { wantGrubBios } from "../kernel/grub.ts";
import { fitsGrubBios, setUpGrubBios } from "../kernel/grub-bios.ts";
import { grubNeedsPartitions, makeBootFiles } from "../kernel/install.ts";
import { placeBootFiles } from "../kernel/place.ts";
import { efiBootBinary, isUkiLoader, wantEfi, wantKernel } from "../kernel/wants.ts";
import { deliverPartitions } from "../outputs/partitions.ts";
import { splitDefinitions } from "../outputs/parts.ts";
import { checkDefinitions } from "../partitions/check.ts";
import { type Definition, readDefinitions } from "../partitions/definitions.ts";
import { explain, withoutFolder } from "../partitions/explain.ts";
import { fat32Options, requireFat32 } from "../partitions/fat32.ts";
import { prepare } from "../partitions/prepare.ts";
import { BUILDROOT } from "../run.ts";
import { repartSigning, requireSignature } from "../signing/partitions.ts";
import { makeCdBootable } from "./cd-boot.ts";
import { MCOPY_FOLDER, writeMcopy } from "./mcopy.ts";
import {
  DEFERRED,
  type Definitions,
  DISK_FOLDER,
  definitions,
  definitionsPath,
  type RepartPass,
  repartArguments,
  repartEnvironment,
} from "./repart.ts";

/**
 * A disk image with a GPT, by systemd-repart, without loop devices. The partitions that hold kernels come last, in a
 * pass of their own, for a kernel's command line may need the id or the hash of another partition. Where it does
 * not, the kernels are made ready while the first pass runs.
 */
export const writeDisk: Writer = async (job) => {
  const { context, root } = job;
  const loaders = { esp: await wantEsp(job), bios: wantGrubBios(context.image, root) };
  const layout = await definitions(context.image, loaders, join(context.work, "repart.d"));
  checkDefinitions(context.image.name, readDefinitions(layout.folders));
  const { files, made } = await kernelsAndPartitions(job, layout);
  if (files.length > 0) requireFat32(context.image, made.partitions);
  const filled = { ...made.filled, vfatOptions: fat32Options(context.image, made.partitions) };
  await placeBootFiles(context, root, files);
  const partitions = await repart(job, filled, "second");
  requireSignature(context.image, partitions);
  // A pass tells the hashes of those partitions alone that it made.
  await writeRootHash(job, [...made.partitions, ...partitions]);
  if (wantGrubBios(context.image, root) && fitsGrubBios(context.image, partitions))
    await setUpGrubBios(context, root, job.output);
  await makeCdBootable(job, partitions);
  await splitDefinitions(job.split, layout.folders);
  if (!context.image.splitArtifacts.includes("partitions")) return;
  const split = await repart(job, filled, "split");
  await deliverPartitions(
    job,
    split.map((partition) => partition.split_path),
  );
};

async function kernelsAndPartitions(
  job: WriteJob,
  layout: Definitions,
): Promise<{ files: BootFile[]; made: FirstPass }> {
  const { context, root, microcode, initrds } = job;
  const bootFiles = (partitions: Partition[]) => makeBootFiles({ context, root, microcode, initrds, partitions });
  if (waits(job, layout)) {
    const made = await firstPass(job, layout);
    return { files: await bootFiles(made.partitions), made };
  }
  const [files, made] = await both(bootFiles([]), firstPass(job, layout));
  return { files, made };
}

interface FirstPass {
  filled: Definitions;
  partitions: Reported[];
}

async function firstPass(job: WriteJob, layout: Definitions): Promise<FirstPass> {
  const filled = await fill(job, layout);
  return { filled, partitions: await repart(job, filled, "first") };
}

/** Makes the filesystems that do not wait for kernels: definitions that copy them as they are. */
async function fill(job: WriteJob, layout: Definitions): Promise<Definitions> {
  const plan = (folder: string) => repart(job, { ...layout, folders: [folder] }, "plan");
  const prepared = await prepare(job, readDefinitions(layout.folders), { deferred: DEFERRED, plan });
  return { ...layout, folders: [prepared.definitions], filesystems: prepared.filesystems };
}

/** What the user or veritysetup(8) gives to check the root, or /usr, against. */
export async function writeRootHash({ split }: WriteJob, partitions: Partition[]): Promise<void> {
  const hash = verityWord(partitions)?.split("=")[1];
  const path = hash === undefined ? undefined : split("roothash");
  if (hash !== undefined && path !== undefined) await writeFile(path, hash);
}

/** The default disk has an ESP where firmware will find something on it. */
async function wantEsp({ context, root }: WriteJob): Promise<boolean> {
  const { image } = context;
  if (image.bootable === "enabled") return true;
  if (!wantEfi(image) || !(await wantKernel(context, root))) return false;
  return isUkiLoader(image) || existsSync(join(root, efiBootBinary(image)));
}

function waits({ context, root }: WriteJob, layout: Definitions): boolean {
  const { kernelCommandLine } = context.image;
  return layout.verity || waitsForPartitions(kernelCommandLine) || grubNeedsPartitions(context, root);
}

/** Both results; where one fails, only after the other has ended too, so that nothing works on in a folder that is being removed. */
async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}

// Null where a disk has partitions that have it, and this one is none of them.
const optional = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);

/** What systemd-repart says of the partitions. */
export const Report = z.array(
  z.object({
    type: z.string(),
    label: z.string(),
    uuid: z.string(),
    offset: z.number(),
    file: z.string(),
    raw_size: z.number(),
    roothash: optional,
    split_path: optional,
  }),
);

type Reported = z.infer<typeof Report>[number];

const TITLES: Record<RepartPass["pass"], string> = {
  plan: "Plan the partitions",
  first: "Make the partitions",
  only: "Make the partitions",
  second: "Make the boot partition",
  split: "Extract the partitions",
};

/** Makes the partitions of a layout in a disk image; returns all of them, as far as they have ids. */
export async function repart(job: WriteJob, layout: Definitions, pass: RepartPass["pass"]): Promise<Reported[]> {
  const { context, root, output } = job;
  const scratch = join(context.work, "repart");
  const programs = join(context.work, "bin");
  await mkdir(scratch, { recursive: true });
  await writeMcopy(programs);
  const seed = context.seed;
  const words = { image: context.image, seed, disk: basename(output), definitions: layout.folders.length, pass };
  const signing = await repartSigning(context);
  const { stdout } = await step(context.emit, context.image.name, TITLES[pass], () =>
    named(job, readDefinitions(layout.folders), () =>
      context.run([...repartArguments(words), ...signing.words], {
        root,
        scratch,
        environment: { ...signing.environment, ...repartEnvironment(context.image, seed, layout.vfatOptions) },
        stdout: "capture",
        onLine: (line) => pass === "first" && tellIgnored(context, line),
        binds: [
          ...signing.binds,
          { source: dirname(output), target: DISK_FOLDER },
          { source: programs, target: MCOPY_FOLDER, readOnly: true },
          ...(layout.filesystems ? [{ source: layout.filesystems, target: `${BUILDROOT}/run`, readOnly: true }] : []),
          ...layout.folders.map((source, index) => ({ source, target: definitionsPath(index), readOnly: true })),
        ],
      }),
    ),
  );
  return Report.parse(JSON.parse(stdout));
}

/** What systemd-repart passes over in a definition, such as a setting that it does not know, is seldom meant so. */
function tellIgnored({ image, emit }: Context, line: string): void {
  const said = withoutFolder(line);
  if (!/^\S+\.conf:\d+: .*\bignoring\b/i.test(said)) return;
  emit({ type: "notice", level: "warning", message: `${image.name}: systemd-repart says: ${said}` });
}

/** A failure in systemd-repart's own words: what is wrong is, as a rule, in the definitions. */
export async function named<T>(
  { context }: WriteJob,
  definitions: readonly Definition[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const { said, hint } = explain(error.output, definitions) ?? { said: error.message, hint: undefined };
    const own = context.image.repartDirectories.length > 0;
    throw new BuildError("partitions-failed", `${context.image.name}: systemd-repart says: ${said}`, {
      ...(own ? { hint: hint ?? "see the partition definitions of this image (repart.d(5))" } : {}),
      command: error.command,
      tail: error.tail,
      cause: error,
    });
  }
}
