import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import type { BootFile } from "./boot-job.ts";
import { wantGrubEfi } from "./grub.ts";
import { grubConfiguration, type MenuEntry, redirection } from "./grub-config.ts";

/** grub's configuration, and that which a signed grub looks for; none where there is nothing to boot. */
export async function grubFiles(context: Context, root: string, entries: readonly MenuEntry[]): Promise<BootFile[]> {
  if (entries.length === 0) return [];
  const { prefix, vendor } = context.image.grub;
  const target = `efi/${prefix}/grub.cfg`;
  const own = existsSync(join(root, target)) ? await readFile(join(root, target), "utf8") : undefined;
  const texts = [{ name: "grub.cfg", target, text: grubConfiguration(own, entries) }];
  if (wantGrubEfi(context.image, root))
    texts.push({ name: "redirection.cfg", target: `efi/EFI/${vendor}/grub.cfg`, text: redirection(prefix) });
  const folder = join(context.work, "boot", "grub");
  await mkdir(folder, { recursive: true });
  for (const { name, text } of texts) await writeFile(join(folder, name), text);
  return texts.map(({ name, target }) => ({ source: join(folder, name), target }));
}
