/** Small files that make a tree the image that it is meant to be. */
import { existsSync, lstatSync } from "node:fs";
import { lstat, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";

const OS_RELEASE = ["usr/lib/os-release", "usr/lib/initrd-release", "etc/os-release"];

/** os-release(5): the image's id and version, and the host name that systemd falls back to. */
export async function osRelease({ image }: Context, root: string): Promise<void> {
  const own = { IMAGE_ID: image.imageId, IMAGE_VERSION: image.imageVersion, DEFAULT_HOSTNAME: image.hostname };
  const fields = { ...image.osRelease, ...own };
  for (const name of OS_RELEASE) {
    const path = join(root, name);
    if (!existsSync(path) || !(await lstat(path)).isFile()) continue;
    const before = await readFile(path, "utf8");
    const after = setFields(before, fields);
    if (after !== before) await writeFile(path, after);
  }
}

/** Sets fields of an os-release text where they stand, or adds them. */
export function setFields(text: string, fields: Record<string, string | undefined>): string {
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const line = `${name}="${value}"`;
    const present = new RegExp(`^${name}=.*$`, "m");
    text = present.test(text) ? text.replace(present, () => line) : `${text.replace(/\n?$/, "\n")}${line}\n`;
  }
  return text;
}

const GETTYS = {
  "console-getty.service": "--noclear --keep-baud console 115200,38400,9600",
  "getty@tty1.service": "--noclear -",
  "serial-getty@hvc0.service": "--keep-baud 115200,57600,38400,9600 -",
  "serial-getty@ttyS0.service": "--keep-baud 115200,57600,38400,9600 -",
};

/** Root is logged in on the consoles without a password. */
export async function autologin({ image }: Context, root: string): Promise<void> {
  if (!image.autologin) return;
  for (const [unit, options] of Object.entries(GETTYS)) {
    const folder = join(root, `usr/lib/systemd/system/${unit}.d`);
    await mkdir(folder, { recursive: true });
    const start = `ExecStart=-agetty -o '-f -p -- \\\\u' --autologin root ${options} $TERM`;
    const lines = ["[Service]", "ExecStart=", start, "StandardInput=tty", "StandardOutput=tty", ""];
    await writeFile(join(folder, "autologin.conf"), lines.join("\n"));
  }
}

/** /init, which the kernel starts in an initrd, and the file that tells systemd that it is in one. */
export async function initrdFiles({ image }: Context, root: string): Promise<void> {
  if (image.format === "portable") return;
  if (existsSync(join(root, "usr/lib/systemd/systemd")))
    await linkUnlessThere(root, "init", "/usr/lib/systemd/systemd");
  if (image.makeInitrd) await linkUnlessThere(root, "etc/initrd-release", "/etc/os-release");
}

async function linkUnlessThere(root: string, path: string, target: string): Promise<void> {
  const there = lstatSync(join(root, path), { throwIfNoEntry: false }) !== undefined;
  if (!there) await symlink(target, join(root, path));
}

/** systemd does not let the clock be earlier than this file's time. */
export async function clockEpoch(root: string): Promise<void> {
  await writeFile(join(root, "usr/lib/clock-epoch"), "");
}
