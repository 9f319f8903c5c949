import { chmod, copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { SOURCES_PATH } from "../protocol.ts";

/** /usr/lib/verity.d/: what the image checks signatures of verity partitions and of extensions by (systemd-dissect(1)). */
export async function trustVerity({ image }: Context, root: string): Promise<void> {
  if (image.verityCertificate === undefined) return;
  const { source, name } = image.verityCertificate;
  const folder = join(root, "usr/lib/verity.d");
  await mkdir(folder, { recursive: true, mode: 0o755 });
  await copyFile(join(SOURCES_PATH, source), join(folder, name));
  await chmod(join(folder, name), 0o644);
}
