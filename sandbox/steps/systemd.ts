/** What systemd's own tools write into a tree that nothing has booted yet. */
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { BUILDROOT } from "../run.ts";

/** systemd-hwdb(8). */
export async function hwdb(context: Context, root: string): Promise<void> {
  if (!existsSync(join(root, "usr/lib/udev/hwdb.d"))) return;
  await context.run(["systemd-hwdb", `--root=${BUILDROOT}`, "--usr", "--strict", "update"], { root });
  // Debian's own, made when udev was configured; the one in /usr replaces it.
  await rm(join(root, "etc/udev/hwdb.bin"), { force: true });
}

/** systemd-sysusers(8): users and groups that packages declare. */
export async function sysusers(context: Context, root: string): Promise<void> {
  await context.run(["systemd-sysusers", `--root=${BUILDROOT}`], { root });
}

/** What is mounted over at run time, or the sandbox's own. */
const VOLATILE = ["/tmp", "/var/tmp", "/run", "/proc", "/sys", "/dev"];

/** systemd-tmpfiles(8): files and folders that packages declare. */
export async function tmpfiles(context: Context, root: string): Promise<void> {
  const exclude = VOLATILE.map((folder) => `--exclude-prefix=${folder}`);
  const argv = ["systemd-tmpfiles", `--root=${BUILDROOT}`, "--boot", "--create", "--remove", ...exclude];
  // 65 and 73: some lines could not be carried out; systemd's own service takes that for success.
  const binds = ["passwd", "group"].map((name) => ({
    source: join(root, "etc", name),
    target: `/etc/${name}`,
    readOnly: true,
  }));
  await context.run(argv, {
    root,
    // Names in ACLs are looked up in /etc/passwd, whatever the root.
    binds: binds.filter(({ source }) => existsSync(source)),
    environment: { SYSTEMD_TMPFILES_FORCE_SUBVOL: "0" },
    accept: [0, 65, 73],
  });
}

/** systemd.preset(5): which units are enabled. */
export async function presets(context: Context, root: string): Promise<void> {
  if (!existsSync(join(root, "usr/lib/systemd/systemd"))) return;
  await context.run(["systemctl", `--root=${BUILDROOT}`, "preset-all"], { root });
  await context.run(["systemctl", `--root=${BUILDROOT}`, "--global", "preset-all"], { root });
}

/** locale-gen(8), where the image has any locale to make. */
export async function locales(context: Context, root: string): Promise<void> {
  const file = join(root, "etc/locale.gen");
  if (!existsSync(file) || !/^\s*[^#\s]/m.test(await readFile(file, "utf8"))) return;
  await context.run(["locale-gen"], { root, chroot: true });
}
