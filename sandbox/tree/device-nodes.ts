import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as z from "zod";

/**
 * A device node of a tree. A user namespace cannot make one, and a zero one means something else to overlayfs: nodes are
 * written down beside a layer's tree, and only outputs have them in their place.
 */
export const DeviceNode = z.object({
  /** Below the root; each character is one byte. */
  path: z.string(),
  kind: z.enum(["character", "block"]),
  /** Permission bits. */
  mode: z.number().int(),
  uid: z.number().int(),
  gid: z.number().int(),
  major: z.number().int(),
  minor: z.number().int(),
});
export type DeviceNode = z.infer<typeof DeviceNode>;

const FILE = "devices.json";

/** The nodes of a stack of layers' trees, topmost first. A layer that says anything of nodes says all of them. */
export function readDevices(stack: readonly string[]): DeviceNode[] {
  const file = stack.map((tree) => join(dirname(tree), FILE)).find((path) => existsSync(path));
  return file ? z.array(DeviceNode).parse(JSON.parse(readFileSync(file, "utf8"))) : [];
}

/** Into the folder of a layer, where its tree lies. */
export async function writeDevices(folder: string, devices: readonly DeviceNode[]): Promise<void> {
  await writeFile(join(folder, FILE), JSON.stringify(devices));
}
