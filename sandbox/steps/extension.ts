/** What tells a system that an extension fits it, and what a portable service is mounted with. */
import { existsSync, lstatSync } from "node:fs";
import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Context } from "../context.ts";
import type { ImagePlan } from "../protocol.ts";
import { readOsRelease } from "../tree/os-release.ts";

type Fields = Readonly<Record<string, string | undefined>>;

/** Writes /usr/lib/extension-release.d/, or that of /etc for confext (os-release(5)). What the user's own file says stays. */
export async function extensionRelease({ image }: Context, root: string): Promise<void> {
  if (image.format !== "sysext" && image.format !== "confext") return;
  const folder = image.format === "sysext" ? "usr/lib" : "etc";
  const file = join(root, folder, "extension-release.d", `extension-release.${image.output}`);
  const system = await readFields(join(root, "usr/lib/os-release"));
  const fields = extensionFields(image, { system, own: await readFields(file) });
  const lines = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [line(name, value)]));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, lines.join(""));
}

/** `system` is the os-release of what the extension was built over, `own` the fields that the user has set. */
export function extensionFields(
  { format, architecture, imageId, imageVersion, environment }: ImagePlan,
  { system, own }: { system: Fields; own: Fields },
): Fields {
  const prefix = format === "sysext" ? "SYSEXT" : "CONFEXT";
  return {
    // Fits every system.
    ID: system.ID ?? "_any",
    [`${prefix}_LEVEL`]: system[`${prefix}_LEVEL`],
    VERSION_ID: system.VERSION_ID,
    [`${prefix}_ID`]: imageId,
    [`${prefix}_VERSION_ID`]: imageVersion,
    [`${prefix}_SCOPE`]: environment[`${prefix}_SCOPE`] ?? "initrd system portable",
    ARCHITECTURE: architecture,
    ...own,
  };
}

async function readFields(file: string): Promise<Fields> {
  return existsSync(file) ? readOsRelease(await readFile(file, "utf8")) : {};
}

function line(name: string, value: string): string {
  return /^[\w.-]*$/.test(value) ? `${name}=${value}\n` : `${name}="${value.replace(/["\\$`]/g, "\\$&")}"\n`;
}

const MOUNT_POINTS = ["passwd", "group", "shadow", "gshadow", "nsswitch.conf", "resolv.conf", "machine-id"];

/** Files of the host that systemd mounts over a portable service's own, which is read-only then. */
export async function mountPoints({ image }: Context, root: string): Promise<void> {
  if (image.format !== "portable") return;
  for (const name of MOUNT_POINTS) {
    const file = join(root, "etc", name);
    if (lstatSync(file, { throwIfNoEntry: false })) continue;
    await writeFile(file, "", { mode: name.endsWith("shadow") ? 0o600 : 0o644 });
  }
}

/** An extension that has a folder has its mode and owner too, over those of the system that it is laid over. */
export async function removeEmptyFolders({ image }: Context, root: string): Promise<void> {
  if (!["sysext", "confext", "addon"].includes(image.format)) return;
  await prune(Buffer.from(root));
}

/** Names are bytes. */
async function prune(folder: Buffer): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true, encoding: "buffer" })) {
    if (!entry.isDirectory()) continue;
    const path = Buffer.concat([folder, Buffer.from("/"), entry.name]);
    await prune(path);
    if ((await readdir(path)).length === 0) await rmdir(path);
  }
}
