import { chown, lchown, mkdir, realpath, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Owner } from "./owner.ts";

/** Folders that this makes belong to whom the files in them will. */
export async function makeOwnedDirectory(path: string, owner: Owner | undefined): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined || owner === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await chown(made, owner.uid, owner.gid);
}

/** Writes a file as a whole or not at all; one that a symbolic link leads to is replaced there. */
export async function writeWhole(
  path: string,
  text: string,
  { mode, owner }: { mode: number; owner: Owner | undefined },
): Promise<void> {
  const target = await realpath(path).catch((error: NodeJS.ErrnoException) => ifAbsent(error, path));
  const aside = `${target}.${process.pid}.new`;
  try {
    await writeFile(aside, text, { mode, flag: "wx" });
    if (owner !== undefined) await lchown(aside, owner.uid, owner.gid);
    await rename(aside, target);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

function ifAbsent<T>(error: NodeJS.ErrnoException, value: T): T {
  if (error.code !== "ENOENT") throw error;
  return value;
}
