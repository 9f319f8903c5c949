import { existsSync, lstatSync, readlinkSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Context } from "../context.ts";
import { signEfi } from "../signing/efi.ts";

export interface EfiBinary {
  /** A file on the volume. */
  source: string;
  /** The file to make, with its folders. */
  target: string;
  /** The distribution, which is left as it is; or the build, where the image is signed for Secure Boot. */
  signedBy: "distribution" | "build";
}

/** Puts a program for UEFI firmware where it boots from: all of them but those that ukify writes come by here. */
export async function installEfiBinary(context: Context, { source, target, signedBy }: EfiBinary): Promise<void> {
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  if (signedBy === "build") await signEfi(context, source, target);
  else await copyFile(source, target);
}

/** Whether a path of the tree is a file there; a link with an absolute target leads out of it. */
export function isOwnFile(root: string, path: string): boolean {
  const file = join(root, path);
  return existsSync(file) && !(lstatSync(file).isSymbolicLink() && readlinkSync(file).startsWith("/"));
}
