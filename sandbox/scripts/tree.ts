import { lstat, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { WORK_PATH } from "../protocol.ts";

/** What a tree had before a script's mounts were made in it. */
export interface TreeBefore {
  root: string;
  /** Mount points that are not the image's own. */
  made: string[];
}

/** Where the namespace of a script in the image, or mkosi-chroot, makes mount points. */
const MOUNT_POINTS = ["run", "tmp", "var/tmp", "proc", "sys", "dev"];

/** Looks at what is there, so that `tidyTree` leaves nothing behind that is not the script's own work. */
export async function prepareTree(root: string): Promise<TreeBefore> {
  const made = [];
  for (const path of MOUNT_POINTS) if (!(await isThere(join(root, path)))) made.push(path);
  return { root, made };
}

/** As in mkosi, WORK_PATH is never the image's. */
export async function tidyTree({ root, made }: TreeBefore): Promise<void> {
  await rm(join(root, WORK_PATH), { recursive: true, force: true });
  for (const path of made) await removeEmpty(join(root, path));
}

async function isThere(path: string): Promise<boolean> {
  return (await unlessAbsent(lstat(path))) !== undefined;
}

/** A folder that the script has filled stays. */
async function removeEmpty(path: string): Promise<void> {
  await unlessAbsent(rmdir(path), "ENOTEMPTY", "EEXIST", "ENOTDIR");
}

async function unlessAbsent<T>(work: Promise<T>, ...codes: string[]): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!["ENOENT", ...codes].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    return undefined;
  }
}
