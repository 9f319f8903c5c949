import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Context } from "../context.ts";
import { BuildError } from "../errors.ts";
import { step } from "../events.ts";
import type { ImagePlan } from "../protocol.ts";
import type { Partition } from "./command-line.ts";
import { grubModules, makeGrub } from "./grub-image.ts";

/** Type of the partition that holds grub's core image (GNU GRUB Manual, "BIOS installation"). */
export const BIOS_BOOT = "21686148-6449-6e6f-744e-656564454649";

/** Debian has the program beside its modules. */
const PROGRAM = "/usr/lib/grub/i386-pc/grub-bios-setup";

/**
 * Starts grub-bios-setup(8), which asks the kernel for the device that its folder is on, but needs it only where there is
 * no partition for the core image. It is shown a table of mounts in which that device is the disk image.
 */
const SCRIPT = 'mount --bind "$1" "/proc/$$/mountinfo" && shift && exec "$@"';

/** Whether the partitions have what grub needs for a BIOS. Throws where it has to boot from one, and they have not. */
export function fitsGrubBios(image: ImagePlan, partitions: readonly Partition[]): boolean {
  const has = (test: (type: string) => boolean) => partitions.some(({ type }) => test(type));
  const needs = [
    { what: `BIOS boot partition (Type=${BIOS_BOOT})`, there: has((type) => type === BIOS_BOOT) },
    { what: "ESP (Type=esp)", there: has((type) => type === "esp") },
    { what: "root or usr partition", there: has((type) => /^(root|usr)/.test(type)) },
  ];
  const lacking = needs.find(({ there }) => !there);
  if (!lacking) return true;
  if (image.bootable !== "enabled") return false;
  throw new BuildError(
    "no-partitions",
    `${image.name}: Bootable=yes with BiosBootloader=grub, and the partition definitions have no ${lacking.what}`,
    { hint: "add it to the partition definitions of this image (repart.d(5))" },
  );
}

/** Installs grub into the master boot record and the BIOS boot partition of a finished disk. */
export async function setUpGrubBios(context: Context, root: string, disk: string): Promise<void> {
  const { image, work } = context;
  const folder = join(work, "grub-bios");
  const modules = grubModules(root, "i386-pc");
  await mkdir(folder, { recursive: true });
  await makeGrub(context, root, { platform: "i386-pc", modules: ["biosdisk"], output: join(folder, "core.img") });
  await copyFile(join(root, `${modules}/boot.img`), join(folder, "boot.img"));
  const [shown, grub, mounts] = ["/run/caisson/disk", "/run/caisson/grub", "/run/caisson/mountinfo"];
  const path = `${shown}/${basename(disk)}`;
  await writeFile(join(folder, "mountinfo"), `1 0 1:1 / / - fat ${path}\n`);
  await step(context.emit, image.name, "Install grub for BIOS", () =>
    context.run(["sh", "-c", SCRIPT, "sh", mounts, PROGRAM, "--directory", grub, path], {
      binds: [
        { source: dirname(disk), target: shown },
        { source: folder, target: grub, readOnly: true },
        { source: join(folder, "mountinfo"), target: mounts, readOnly: true },
      ],
    }),
  );
}
