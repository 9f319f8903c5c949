import { lstat, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract, pack } from "tar-fs";
import { OUTPUT_PATH, type Plan } from "../../sandbox/protocol.ts";
import type { Container, ContainerSpec, Mount } from "../engine/engine.ts";
import { UserError } from "../errors.ts";

/**
 * The same container for an engine on another machine, which sees none of our files: what would be mounted is copied
 * into it instead. Of the output folder only the disk goes there that a virtual machine starts from.
 */
export function streamed(spec: ContainerSpec, plan: Plan): ContainerSpec {
  refuseDirectory(plan);
  const binds = (spec.mounts ?? []).filter(({ kind }) => kind === "bind");
  return {
    ...spec,
    mounts: (spec.mounts ?? []).filter(({ kind }) => kind !== "bind"),
    archives: binds.map((mount) => () => archive(mount, plan)),
  };
}

/** A tar of what the mount would have shown, as it is to lie below the container's root. */
function archive({ source, target }: Mount, plan: Plan): Readable {
  const below = target.slice(1);
  const wanted = target === OUTPUT_PATH ? [plan.kind === "vm" ? plan.image : []].flat() : [basename(source)];
  const packed = pack(target === OUTPUT_PATH ? source : dirname(source), {
    entries: wanted,
    map: (header) => ({
      ...header,
      uid: 0,
      gid: 0,
      name: place(header.name, target === OUTPUT_PATH ? "" : basename(source), below),
    }),
    finalize: false,
    finish: (all) => {
      if (target === OUTPUT_PATH) all.entry({ name: `${below}/`, type: "directory", mode: 0o755 });
      all.finalize();
    },
  });
  return Readable.from(packed);
}

/** Where an entry of the packed folder lies in the container. */
function place(name: string, top: string, below: string): string {
  const rest = top === "" ? name : name.slice(top.length + 1);
  return rest === "" ? below : `${below}/${rest}`;
}

/**
 * Brings what the ended worker delivered into the output folder: each file and folder whole, or not at all; those of
 * `last` after the others, in their order.
 */
export async function collect(container: Container, outputDirectory: string, last: readonly string[]): Promise<void> {
  const aside = await mkdtemp(join(outputDirectory, ".caisson-"));
  try {
    const strip = OUTPUT_PATH.split("/").length - 1;
    // The archive's names begin with the folder's own.
    await pipeline(await container.read(OUTPUT_PATH), extract(aside, { strip: Math.min(strip, 1) }));
    const order = (name: string) => last.indexOf(name);
    const names = (await readdir(aside)).sort((a, b) => order(a) - order(b) || (a < b ? -1 : 1));
    for (const name of names) await replace(join(aside, name), join(outputDirectory, name));
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** No rename replaces a folder, or anything by a folder. */
async function replace(from: string, to: string): Promise<void> {
  const [made, found] = await Promise.all([lstat(from), lstat(to).catch(absent)]);
  if (found?.isDirectory() || (found && made.isDirectory())) await rename(to, `${from}.replaced`);
  await rename(from, to);
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
  return undefined;
}

/** A tar that an ordinary user unpacks loses its owners. */
function refuseDirectory(plan: Plan): void {
  const image =
    plan.kind === "build" ? plan.images.find(({ deliver, format }) => deliver && format === "directory") : undefined;
  if (!image) return;
  throw new UserError(
    "engine-remote",
    "Format=directory cannot come from an engine on another machine: its files would lose their owners",
    {
      hint: "Use Format=tar, or an engine of this machine",
    },
  );
}
