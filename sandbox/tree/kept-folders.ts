import { chmod, lchown } from "node:fs/promises";
import { resolveInside, statInside } from "./inside.ts";
import { type BytePath, onDisk } from "./walk.ts";

/** A folder's attributes, which copying another folder over it leaves as they are. */
export interface Attributes {
  path: Buffer;
  mode: number;
  uid: number;
  gid: number;
}

/** Of those folders that are there already. */
export function saveAttributes(root: string, folders: readonly BytePath[]): Attributes[] {
  return folders.flatMap((folder) => {
    const stats = statInside(root, folder);
    if (!stats?.isDirectory()) return [];
    const path = onDisk(root, resolveInside(root, folder));
    return [{ path, mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid }];
  });
}

export async function restoreAttributes(saved: readonly Attributes[]): Promise<void> {
  for (const { path, mode, uid, gid } of saved) {
    // A change of the owner may take mode bits away.
    await lchown(path, uid, gid);
    await chmod(path, mode);
  }
}
