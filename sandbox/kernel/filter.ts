import { existsSync, lstatSync, readdirSync, realpathSync } from "node:fs";
import { rm, rmdir } from "node:fs/promises";
import { join, sep } from "node:path";
import type { Context } from "../context.ts";
import { walk } from "../tree/walk.ts";
import { kernelVersions } from "./images.ts";
import { requiredFiles } from "./required.ts";

const MODULES = "usr/lib/modules";
const FIRMWARE = "usr/lib/firmware";
/** No module asks for microcode: it becomes an initrd. */
const MICROCODE = ["amd-ucode", "intel-ucode"].map((name) => `${FIRMWARE}/${name}`);

/**
 * Removes the modules and the firmware that the image's patterns do not select. Without patterns everything stays.
 * Firmware stays that any of the kernels needs.
 */
export async function filterModules(context: Context, root: string): Promise<void> {
  const { kernelModules, firmware } = context.image;
  if (kernelModules.length + firmware.include.length + firmware.exclude.length === 0) return;
  const versions = kernelVersions(root).filter((version) => existsSync(join(root, MODULES, version, "modules.dep")));
  if (versions.length === 0) return;
  const kept = new Set<string>();
  for (const version of versions) {
    const required = await requiredFiles(context, root, version, kernelModules);
    for (const path of [...required.modules, ...required.firmware]) kept.add(path);
  }
  for (const version of versions) await removeModules(root, `${MODULES}/${version}`, kept);
  await removeFirmware(root, kept);
}

async function removeModules(root: string, folder: string, kept: ReadonlySet<string>): Promise<void> {
  for (const path of filesBelow(root, folder)) {
    if (!/\.ko(\.(gz|xz|zst))?$/.test(path) || kept.has(path)) continue;
    // What a package links from elsewhere, as weak-updates does, goes with the link.
    const target = linkedInside(root, path);
    if (target !== undefined) await rm(target, { force: true });
    await rm(join(root, path));
  }
}

/** The file that a link leads to, where that lies in the tree. */
function linkedInside(root: string, path: string): string | undefined {
  const file = join(root, path);
  if (!lstatSync(file).isSymbolicLink() || !existsSync(file)) return undefined;
  const target = realpathSync(file);
  return target.startsWith(realpathSync(root) + sep) ? target : undefined;
}

/** Folders that are left empty go too. */
async function removeFirmware(root: string, kept: ReadonlySet<string>): Promise<void> {
  const isMicrocode = (path: string) => MICROCODE.some((folder) => path === folder || path.startsWith(`${folder}/`));
  for (const path of filesBelow(root, FIRMWARE)) {
    if (kept.has(path) || isMicrocode(path)) continue;
    await rm(join(root, path), { force: true });
    await removeEmpty(root, path.slice(0, path.lastIndexOf("/")));
  }
}

async function removeEmpty(root: string, folder: string): Promise<void> {
  if (folder === FIRMWARE || readdirSync(join(root, folder)).length > 0) return;
  await rmdir(join(root, folder));
  await removeEmpty(root, folder.slice(0, folder.lastIndexOf("/")));
}

/** Files and links below a folder, relative to the root. */
function filesBelow(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  const entries = [...walk(join(root, folder))].filter(({ stats }) => !stats.isDirectory());
  return entries.map(({ path }) => `${folder}/${Buffer.from(path, "latin1").toString()}`);
}
