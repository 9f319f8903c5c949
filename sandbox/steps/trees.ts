import { chmod, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { SOURCES_PATH, type Tree } from "../protocol.ts";
import { BUILDROOT } from "../run.ts";

/** Copies the user's trees into the image, one over the other. */
export async function copyTrees(context: Context, root: string, trees: Tree[]): Promise<void> {
  for (const tree of trees) await copyTree(context, root, tree);
}

/** A folder's content lands in the target; a file at the root can only be an archive; any other file becomes the target. */
async function copyTree(context: Context, root: string, { source, target }: Tree): Promise<void> {
  const path = join(SOURCES_PATH, source);
  const kind = await stat(path);
  const parent = kind.isDirectory() || target === "/" ? target : join(target, "..");
  await context.run(["mkdir", "--parents", "--", join(BUILDROOT, parent)], { root });
  if (kind.isFile() && target === "/") return unpackTree(context, root, path);
  const before = kind.isDirectory() ? (await stat(join(root, target))).mode : undefined;
  // No owner and no time of the host reaches the image; a folder that is a link in the image stays one.
  const options = ["--recursive", "--no-dereference", "--preserve=mode,links,xattr", "--force"];
  const destination = ["--keep-directory-symlink", "--no-target-directory"];
  const words = ["cp", ...options, ...destination, "--", "/source", join(BUILDROOT, target)];
  await context.run(words, { root, binds: [{ source: path, target: "/source", readOnly: true }] });
  // cp gives the folder that it copies into the mode of the user's own.
  if (before !== undefined) await chmod(join(root, target), before & 0o7777);
}

/** An archive keeps its owners. */
async function unpackTree(context: Context, root: string, archive: string): Promise<void> {
  const options = ["--numeric-owner", "--same-owner", "--preserve-permissions", "--keep-directory-symlink"];
  const xattrs = ["--xattrs", "--xattrs-include=*"];
  await context.run(["tar", "--extract", "--file=/source", `--directory=${BUILDROOT}`, ...options, ...xattrs], {
    root,
    binds: [{ source: archive, target: "/source", readOnly: true }],
  });
}
