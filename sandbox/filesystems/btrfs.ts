import { BuildError } from "../errors.ts";
import { LABEL } from "../selinux/labels.ts";
import { setTimes } from "./btrfs-times.ts";
import { type Filesystem, type FilesystemJob, outputPath, tarOptions } from "./filesystem.ts";
import { fixed } from "./fixed.ts";
import { contentBytes, inSize } from "./retry.ts";

/**
 * mkfs.btrfs(8) reads no archive, but a folder, in the order in which that lists its names. A fresh folder in memory is
 * filled in canonical order, and has an order that follows from it. What is too large for that lies on the volume.
 */
const FILL = `
set -eu
content=$1
shift
mkdir "$content"
tar --extract --file=- --directory="$content" --preserve-permissions --same-owner --numeric-owner \\
  --delay-directory-restore --warning=no-unknown-keyword --xattrs --xattrs-include='*' --xattrs-exclude=${LABEL}
exec "$@"
`;

const MIB = 1 << 20;
/** Bytes. The same on every machine: the order would differ otherwise. */
const MOST_IN_MEMORY = 2048 * MIB;

export const makeBtrfs: Filesystem = async (job) => {
  requireHeld(job);
  const bytes = contentBytes(job);
  const scratch = bytes > MOST_IN_MEMORY ? { scratch: job.context.work } : {};
  const content = bytes > MOST_IN_MEMORY ? `/var/tmp/content-${job.uuid}` : "/tmp/content";
  // Metadata is there twice, and space is handed out in chunks, which are not all full.
  const guess = Math.max(256 * MIB, bytes * 1.5 + job.entries.length * 2048 + 64 * MIB);
  await inSize(job, guess, async () => {
    const tool = [...fixed(job), ...command(job), "--rootdir", content, ...job.options, outputPath(job)];
    await job.context.run(["sh", "-c", FILL, "fill", content, ...tool], { ...tarOptions(job), ...scratch });
  });
  await setTimes(job.output, job.context.epoch);
};

function command({ uuid, label, compression, compressionLevel: level, subvolumes, defaultSubvolume }: FilesystemJob) {
  const words = ["mkfs.btrfs", "--quiet", "--nodiscard", "--label", label, "--uuid", uuid, "--sectorsize", "4096"];
  if (compression) words.push("--compress", level ? `${compression}:${level}` : compression);
  const volumes = new Map((subvolumes ?? []).map(({ path, readOnly }) => [path, readOnly]));
  if (defaultSubvolume && !volumes.has(defaultSubvolume)) volumes.set(defaultSubvolume, false);
  for (const [path, readOnly] of volumes) {
    const flags = path === defaultSubvolume ? ["default", ...(readOnly ? ["ro"] : [])] : [readOnly ? "ro" : "rw"];
    words.push("--subvol", `${flags.join("-")}:${path}`);
  }
  return words;
}

/** A folder takes neither nodes nor labels without privilege. */
function requireHeld({ context, entries }: FilesystemJob): void {
  const node = entries.find(({ device }) => device !== undefined);
  const what = node ? `the device node /${node.path}` : "SELinux labels, which SELinuxRelabel=yes asks for";
  if (!node && context.image.selinuxRelabel !== "enabled") return;
  throw new BuildError(
    "filesystem-unsupported",
    `${context.image.name}: a btrfs filesystem cannot be made with ${what}`,
    {
      hint: "choose another Format= for the partition, such as ext4 or erofs",
    },
  );
}
