import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { ReadableStream } from "node:stream/web";
import { extract, pack } from "tar-stream";
import xz from "xz-decompress";
import type { ContainerSpec, Engine } from "../engine/engine.ts";
import { readAr } from "./ar.ts";
import type { LockedArchitecture } from "./lock.ts";
import { fetchPackages, packageFolder, readPackage } from "./packages.ts";
import type { ToolsContext } from "./progress.ts";
import { baseKey, basePackages, type Recipe } from "./recipe.ts";
import { runContainer, showFiles } from "./run.ts";

const BUSYBOX = "usr/bin/busybox";
/** Container label of a bootstrap that runs, or was killed. */
export const BOOTSTRAP_LABEL = "caisson.bootstrap";

/**
 * Finds or makes the base image, from nothing but package files: busybox, which the host unpacks, unpacks the base
 * packages in a container, and their own dpkg installs them there. Returns its reference.
 */
export async function ensureBase(
  engine: Engine,
  recipe: Recipe,
  locked: LockedArchitecture,
  context: ToolsContext,
): Promise<string> {
  const key = baseKey(recipe, locked);
  const reference = `localhost/caisson/base:${key.slice(0, 16)}`;
  if ((await engine.findImage(reference))?.labels["caisson.base.key"] === key) return reference;
  await fetchWithProgress([locked.stage0, ...basePackages(locked)], context);
  const stage0 = await importStage0(engine, locked, key, context);
  try {
    await installBase(engine, recipe, locked, { stage0, reference, key }, context);
  } finally {
    await engine.removeImage(stage0);
  }
  return reference;
}

export function fetchWithProgress(packages: LockedArchitecture["packages"], context: ToolsContext): Promise<void> {
  const title = "Fetching the packages of the tools image";
  const onProgress = (current: number, total: number) => context.onProgress({ title, current, total, unit: "bytes" });
  return fetchPackages(packages, { ...context, onProgress });
}

async function importStage0(
  engine: Engine,
  locked: LockedArchitecture,
  key: string,
  context: ToolsContext,
): Promise<string> {
  const busybox = await readBusybox(await readPackage(context.environment, locked.stage0));
  const rootfs = pack();
  rootfs.entry({ name: "busybox", type: "directory", mode: 0o755 });
  rootfs.entry({ name: "busybox/busybox", mode: 0o755 }, busybox);
  rootfs.entry({ name: "caisson", type: "directory", mode: 0o755 });
  rootfs.finalize();
  const reference = `localhost/caisson/stage0:${key.slice(0, 16)}`;
  await engine.importImage(Readable.from(rootfs), reference);
  return reference;
}

/** The static program out of Debian's busybox-static package. */
export async function readBusybox(deb: Buffer): Promise<Buffer> {
  const compressed = readAr(deb).get("data.tar.xz");
  if (!compressed) throw new Error("busybox-static has no data.tar.xz");
  const files = Readable.fromWeb(decompressXz(compressed)).pipe(extract());
  let program: Buffer | undefined;
  // To the end: xz-decompress lets nobody else begin before that.
  for await (const entry of files) {
    if (entry.header.name.replace(/^\.\//, "") === BUSYBOX) program = await buffer(entry);
    else entry.resume();
  }
  if (program) return program;
  throw new Error(`busybox-static has no ${BUSYBOX}`);
}

function decompressXz(compressed: Buffer): ReadableStream<Uint8Array> {
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(compressed);
      controller.close();
    },
  });
  return new xz.XzReadableStream(source);
}

async function installBase(
  engine: Engine,
  recipe: Recipe,
  locked: LockedArchitecture,
  names: { stage0: string; reference: string; key: string },
  context: ToolsContext,
): Promise<void> {
  const title = "Installing the base system of the tools image";
  const count = locked.base.length;
  let configured = 0;
  const spec: ContainerSpec = {
    image: names.stage0,
    command: ["/busybox/busybox", "sh", "/caisson/bootstrap.sh"],
    labels: { [BOOTSTRAP_LABEL]: names.key },
    ...(await inputs(engine, recipe, locked, context)),
  };
  const onLine = (line: string) => {
    if (!line.startsWith("Setting up ")) return;
    configured += 1;
    context.onProgress({ title, current: Math.min(configured, count), total: count, unit: "items" });
  };
  context.onProgress({ title, current: 0, total: count, unit: "items" });
  await runContainer(engine, spec, title, { ...context, onLine }, (container) =>
    container.commit(names.reference, { "caisson.tools": "base", "caisson.base.key": names.key }),
  );
}

/** The scripts, and the packages. */
async function inputs(
  engine: Engine,
  recipe: Recipe,
  locked: LockedArchitecture,
  { environment }: ToolsContext,
): Promise<Pick<ContainerSpec, "files" | "mounts">> {
  const target = "/caisson/packages";
  const names = basePackages(locked).map(({ sha256 }) => `${sha256}.deb`);
  const shown = await showFiles(engine, packageFolder(environment), names, target);
  const files: Record<string, string | Buffer> = {
    "/caisson/base": names.map((name) => `${target}/${name}\n`).join(""),
  };
  for (const name of ["bootstrap.sh", "base.sh", "slim.sh"] as const) files[`/caisson/${name}`] = recipe.scripts[name];
  return { ...shown, files: { ...files, ...shown.files } };
}
