import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { BuildError } from "../errors.ts";

/** A tree put together from layers, with an upper directory that takes what is written. */
export interface Overlay {
  /** Where it is mounted. */
  root: string;
  /** What was written. */
  upper: string;
  unmount(): Promise<void>;
}

/**
 * Mounts `lowers` (topmost first; may be none) below a fresh upper directory in `folder`, which must be on the volume:
 * an upper directory cannot itself lie on an overlay. `volatile` drops every sync; what is not sealed is thrown away
 * anyway. `userxattr` is what an overlay in a user namespace needs to replace directories of its lowers. An `upper` of the
 * caller's lies in a folder of its own, where what was written before still is.
 */
export async function mountOverlay(lowers: string[], folder: string, upper?: string): Promise<Overlay> {
  const path = { root: join(folder, "root"), upper: upper ?? join(folder, "upper") };
  const [work, empty] = [upper ? `${upper}-work` : join(folder, "work"), join(folder, "empty")];
  // A work directory of a volatile overlay serves but once.
  if (upper) await rm(work, { recursive: true, force: true });
  for (const each of [path.root, path.upper, work, empty]) await mkdir(each, { recursive: true, mode: 0o755 });
  const lowerdir = (lowers.length > 0 ? lowers : [empty]).join(":");
  const options = `lowerdir=${lowerdir},upperdir=${path.upper},workdir=${work},userxattr,volatile`;
  await command("mount", ["-t", "overlay", "-o", options, "overlay", path.root]);
  const unmount = async () => {
    await command("umount", [path.root]);
    if (upper) await rm(work, { recursive: true, force: true });
  };
  return { ...path, unmount };
}

/** mount(8) and umount(8) change the worker's own namespace, so they do not go through the spawner of tools. */
async function command(name: "mount" | "umount", words: string[]): Promise<void> {
  // The kernel's newer interface takes no option longer than 255 bytes, which a stack of layers exceeds.
  const env = { LIBMOUNT_FORCE_MOUNT2: "always" };
  const result = await execa(name, words, { env, reject: false, all: true });
  if (result.exitCode === 0) return;
  throw new BuildError("mount-failed", `${name} ${words.join(" ")}: ${result.all || result.shortMessage}`, {
    hint: "`caisson doctor` checks what this host's kernel and engine allow.",
    exitCode: 3,
  });
}
