import { existsSync } from "node:fs";
import { link, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../../context.ts";
import type { Metadata, Package } from "../package-manager.ts";
import { packageFile } from "./fetch.ts";
import { renderSources } from "./options.ts";
import { withPolicy } from "./scripts.ts";
import { apt } from "./tool.ts";

/** Installs from the volume alone: everything was fetched and checked before. */
export async function install(
  context: Context,
  metadata: Metadata,
  root: string,
  names: string[],
  packages: Package[],
): Promise<void> {
  const archives = await offer(context, packages);
  await withPolicy(root, async () => {
    await apt(
      context,
      { index: metadata.path, archives, root },
      ["apt-get", "install", "--no-download", "--", ...names],
      {
        apivfs: true,
      },
    );
  });
  // Ubuntu turns it off, and with it the mounting of an image's own partitions.
  await rm(join(root, "etc/systemd/system-generators/systemd-gpt-auto-generator"), { force: true });
  if (names.includes("apt")) await writeSources(context, root);
}

/** A folder of packages under the names that apt looks for: `NAME_VERSION_ARCHITECTURE.deb`, a version's colon quoted. */
async function offer(context: Context, packages: Package[]): Promise<string> {
  const archives = join(context.work, "archives");
  await mkdir(join(archives, "partial"), { recursive: true });
  for (const entry of packages) {
    const version = entry.version.replaceAll(":", "%3a");
    const name = join(archives, `${entry.name}_${version}_${entry.architecture}.deb`);
    if (!existsSync(name)) await link(packageFile(entry), name);
  }
  return archives;
}

/** The image's own apt gets the distribution's public repositories, not the mirror of the build. */
async function writeSources({ image }: Context, root: string): Promise<void> {
  const folder = join(root, "etc/apt/sources.list.d");
  const file = join(folder, `${image.release}.sources`);
  if (existsSync(file)) return;
  await mkdir(folder, { recursive: true });
  await writeFile(file, renderSources(image.imageRepositories));
}
