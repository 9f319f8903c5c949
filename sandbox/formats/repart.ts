/** What systemd-repart(8) is given: its definitions and its command line. */
import { existsSync, readdirSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BuildError } from "../errors.ts";
import { BIOS_BOOT } from "../kernel/grub-bios.ts";
import { isOn, readDefinitions } from "../partitions/definitions.ts";
import { type ImagePlan, SOURCES_PATH } from "../protocol.ts";
import { BUILDROOT } from "../run.ts";
import { deferredSignatures } from "../signing/partitions.ts";
import { MCOPY_FOLDER } from "./mcopy.ts";

/** Where systemd-repart sees the disk's folder and its definitions. */
export const DISK_FOLDER = "/run/caisson/disk";
const DEFINITIONS_FOLDER = "/run/caisson/definitions";

/** Left out of the first pass: what goes onto them is made meanwhile. */
export const DEFERRED = ["esp", "xbootldr"];

export interface Definitions {
  /** Folders of *.conf files. */
  folders: string[];
  /** A folder of filesystems that they copy. */
  filesystems?: string | undefined;
  /** Words for mkfs.vfat(8). */
  vfatOptions?: string[];
  /** The command line of the kernel needs the hash of a partition. */
  verity: boolean;
}

/** The user's definitions, or the default ones, which are written to `folder`. Throws where a folder of the user has none. */
export async function definitions(image: ImagePlan, loaders: Loaders, folder: string): Promise<Definitions> {
  if (image.repartDirectories.length === 0) {
    await mkdir(folder, { recursive: true });
    for (const [name, text] of defaultDefinitions(image.rootFilesystem, loaders))
      await writeFile(join(folder, name), text);
    return { folders: [folder], verity: false };
  }
  const folders = image.repartDirectories.map(({ source }) => join(SOURCES_PATH, source));
  for (const each of folders) requireDefinitions(image, each);
  const verity = readDefinitions(folders).some((definition) => isOn(definition, "Verity"));
  return { folders, verity };
}

function requireDefinitions(image: ImagePlan, folder: string): void {
  if (existsSync(folder) && readdirSync(folder).some((name) => name.endsWith(".conf"))) return;
  throw new BuildError("no-partitions", `${image.name}: a folder of RepartDirectories= has no partition definition`, {
    hint: "put a file such as 10-root.conf into it (repart.d(5)), or remove the folder to get the default partitions",
  });
}

/** What the default disk is to have for boot loaders. */
export interface Loaders {
  esp: boolean;
  /** grub boots it from a BIOS too. */
  bios: boolean;
}

/**
 * File names and texts of repart.d(5) files. The root leaves out what the ESP is filled with. With grub for a BIOS
 * the ESP holds every kernel twice.
 */
export function defaultDefinitions(filesystem: string, { esp, bios }: Loaders): [string, string][] {
  const root = section({ Type: "root", Format: filesystem, CopyFiles: ["/"], Minimize: "guess" });
  if (!esp && !bios) return [["10-root.conf", root]];
  const size = bios ? { SizeMinBytes: "1G", SizeMaxBytes: "1G" } : { SizeMinBytes: "512M", SizeMaxBytes: "512M" };
  const boot = section({ Type: "esp", Format: "vfat", CopyFiles: ["/boot:/", "/efi:/"], ...size });
  const core = section({ Type: BIOS_BOOT, SizeMinBytes: "1M", SizeMaxBytes: "1M" });
  return [["00-esp.conf", boot], ...(bios ? [["05-bios.conf", core] as [string, string]] : []), ["10-root.conf", root]];
}

/** A repart.d(5) file. */
export function section(settings: Record<string, string | string[]>): string {
  const lines = Object.entries(settings).flatMap(([key, value]) => [value].flat().map((each) => `${key}=${each}`));
  return `[Partition]\n${lines.join("\n")}\n`;
}

export interface RepartPass {
  image: ImagePlan;
  seed: string;
  /** File name of the disk. */
  disk: string;
  definitions: number;
  /**
   * `plan` writes nothing. The first pass makes the disk, and leaves out the partitions that hold kernels; the second one
   * adds them; the last makes files of all of them. `only` does without any other.
   */
  pass: "plan" | "first" | "second" | "split" | "only";
}

export function repartArguments({ image, seed, disk, definitions, pass }: RepartPass): string[] {
  const words = ["systemd-repart", `--dry-run=${pass === "plan" ? "yes" : "no"}`];
  words.push("--size=auto", "--json=short", "--no-pager", "--offline=yes");
  words.push(`--root=${BUILDROOT}`, `--seed=${seed}`, `--architecture=${image.architecture}`);
  words.push(`--empty=${["plan", "first", "only"].includes(pass) ? "create" : "allow"}`);
  const deferred = [...(pass === "first" ? DEFERRED : []), ...deferredSignatures(image)];
  if (deferred.length > 0) words.push(`--defer-partitions=${deferred.join(",")}`);
  if (image.sectorSize !== undefined) words.push(`--sector-size=${image.sectorSize}`);
  if (pass === "first") words.push("--generate-fstab=/etc/fstab", "--generate-crypttab=/etc/crypttab");
  if (pass === "split") words.push("--split=yes");
  for (let index = 0; index < definitions; index++) words.push(`--definitions=${definitionsPath(index)}`);
  return [...words, pass === "plan" ? "/run/planned.raw" : `${DISK_FOLDER}/${disk}`];
}

/**
 * mkfs.ext4 draws a random seed for the hashes of its folders, which systemd-repart 257 does not set. The words replace
 * the ones that systemd-repart gives: of several -E the last one counts. A user's own words win.
 */
export function repartEnvironment(
  image: Pick<ImagePlan, "environment">,
  seed: string,
  vfatOptions: readonly string[] = [],
): Record<string, string> {
  const own = Object.entries(image.environment).filter(([name]) => name.startsWith("SYSTEMD_REPART_MKFS_OPTIONS_"));
  return {
    PATH: `${MCOPY_FOLDER}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin`,
    SYSTEMD_REPART_MKFS_OPTIONS_EXT4: `-E nodiscard,lazy_itable_init=1,hash_seed=${seed}`,
    ...(vfatOptions.length > 0 ? { SYSTEMD_REPART_MKFS_OPTIONS_VFAT: vfatOptions.join(" ") } : {}),
    ...Object.fromEntries(own),
  };
}

export function definitionsPath(index: number): string {
  return `${DEFINITIONS_FOLDER}/${index}`;
}
