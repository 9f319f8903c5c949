import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type * as z from "zod";
import type { WriteJob, Writer } from "../context.ts";
import { step } from "../events.ts";
import { deliverPartitions } from "../outputs/partitions.ts";
import { splitDefinitions } from "../outputs/parts.ts";
import type { ImagePlan } from "../protocol.ts";
import { BUILDROOT } from "../run.ts";
import { deferredSignatures, repartSigning, requireSignature, signatureTypes } from "../signing/partitions.ts";
import { removeEmptyFolders } from "../steps/extension.ts";
import { named, Report, writeRootHash } from "./disk.ts";
import { DISK_FOLDER, definitionsPath, repartEnvironment, section } from "./repart.ts";

/** What of the tree is in the image. */
const CONTENT = { sysext: ["/opt/", "/usr/"], confext: ["/etc/"], portable: ["/"] } as const;

/**
 * An extension or a portable service (systemd-sysext(8), portablectl(1)): one partition with a read-only file system,
 * and with it, unless there is nothing to sign it with, its verity hashes and the signature of those.
 */
export const writeExtension: Writer = async (job) => {
  const { context } = job;
  const folder = join(context.work, "repart.d");
  await mkdir(folder, { recursive: true });
  for (const [name, text] of extensionDefinitions(context.image)) await writeFile(join(folder, name), text);
  await removeEmptyFolders(context, job.root);
  const partitions = await step(context.emit, context.image.name, "Make the partitions", () => repart(job, folder));
  requireSignature(context.image, partitions);
  await writeRootHash(job, partitions);
  await splitDefinitions(job.split, [folder]);
  await deliverPartitions(
    job,
    partitions.map((partition) => partition.split_path),
  );
};

async function repart(job: WriteJob, definitions: string): Promise<z.infer<typeof Report>> {
  const { context, root, output } = job;
  const scratch = join(context.work, "repart");
  await mkdir(scratch, { recursive: true });
  const signing = await repartSigning(context);
  const words = [...extensionArguments(context.image, context.seed, basename(output)), ...signing.words];
  const { stdout } = await named(job, [], () =>
    context.run(words, {
      root,
      rootReadOnly: true,
      scratch,
      environment: { ...signing.environment, ...repartEnvironment(context.image, context.seed) },
      stdout: "capture",
      binds: [
        ...signing.binds,
        { source: dirname(output), target: DISK_FOLDER },
        { source: definitions, target: definitionsPath(0), readOnly: true },
      ],
    }),
  );
  return Report.parse(JSON.parse(stdout));
}

/** File names and texts of repart.d(5) files. */
export function extensionDefinitions(image: Pick<ImagePlan, "format" | "verity" | "verityKey">): [string, string][] {
  const content = CONTENT[image.format as keyof typeof CONTENT];
  const root = { Type: "root", Format: "erofs", CopyFiles: [...content], Minimize: "best" };
  if (image.verity === "disabled" || (image.verity === "auto" && image.verityKey === undefined))
    return [["10-root.conf", section(root)]];
  const match = { VerityMatchKey: "root" };
  return [
    ["10-root.conf", section({ ...root, Verity: "data", ...match })],
    ["20-root-verity.conf", section({ Type: "root-verity", Verity: "hash", ...match, Minimize: "best" })],
    ["30-root-verity-sig.conf", section({ Type: "root-verity-sig", Verity: "signature", ...match })],
  ];
}

export function extensionArguments(image: ImagePlan, seed: string, disk: string): string[] {
  const words = ["systemd-repart", "--dry-run=no", "--size=auto", "--json=short", "--no-pager", "--offline=yes"];
  words.push(`--root=${BUILDROOT}`, `--seed=${seed}`, `--architecture=${image.architecture}`, "--empty=create");
  if (image.sectorSize !== undefined) words.push(`--sector-size=${image.sectorSize}`);
  if (image.splitArtifacts.includes("partitions")) words.push("--split=yes");
  if (image.verity === "hash") words.push(`--exclude-partitions=${signatureTypes(image).join(",")}`);
  const deferred = deferredSignatures(image);
  if (deferred.length > 0) words.push(`--defer-partitions=${deferred.join(",")}`);
  return [...words, `--definitions=${definitionsPath(0)}`, `${DISK_FOLDER}/${disk}`];
}
