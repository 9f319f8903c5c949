import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ImagePlan } from "../protocol.ts";
import { readOsRelease } from "../tree/os-release.ts";
import { type Partition, verityWord } from "./command-line.ts";

/** What boot entries are named after, in kernel-install(8)'s order. */
export async function entryToken(root: string): Promise<string> {
  const read = async (path: string) => (existsSync(join(root, path)) ? readFile(join(root, path), "utf8") : "");
  const own = (await read("etc/kernel/entry-token")).trim();
  if (own !== "") return own;
  const machine = (await read("etc/machine-id")).trim();
  if (/^[0-9a-f]{32}$/.test(machine)) return machine;
  const { IMAGE_ID, ID } = readOsRelease(await read("usr/lib/os-release"));
  return IMAGE_ID || ID || "linux";
}

/**
 * The name of a unified kernel image, without its suffix: UnifiedKernelImageFormat=, else token and version, and the
 * verity hash where there is one. What `&` and another letter would stand for is nothing.
 */
export function ukiName(
  image: Pick<ImagePlan, "unifiedKernelImageFormat">,
  token: string,
  version: string,
  partitions: readonly Partition[],
): string {
  const hash = verityWord(partitions)?.split("=")[1] ?? "";
  const format = image.unifiedKernelImageFormat || `&e-&k${hash === "" ? "" : "-&h"}`;
  const values: Record<string, string> = { "&": "&", e: token, k: version, h: hash };
  return format.replace(/&([&a-zA-Z])/g, (_, letter: string) => values[letter] ?? "");
}
