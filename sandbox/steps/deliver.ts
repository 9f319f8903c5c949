import { existsSync } from "node:fs";
import { lchown, readdir, rename, rm, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../context.ts";
import { BuildError } from "../errors.ts";
import { step } from "../events.ts";
import { OUTPUT_PATH } from "../protocol.ts";
import { walk } from "../tree/walk.ts";
import { type Artifact, checksum } from "./artifact.ts";

/** Puts a finished output, and the link that has its name without extensions, into the user's folder: whole, or not at all. */
export async function deliver(context: Context, artifact: Artifact): Promise<void> {
  const { image, emit, plan } = context;
  const target = join(OUTPUT_PATH, image.outputFile);
  if (existsSync(target) && !plan.force)
    throw new BuildError("output-exists", `the output ${image.outputFile} exists already`, {
      hint: "Use --force to replace it.",
    });
  const sha256 = await step(emit, image.name, `Copying ${image.outputFile} to the output directory`, async () => {
    const [aside, sum] = await Promise.all([copyAside(context, artifact), checksum(artifact)]);
    if ((await stat(aside)).isDirectory()) await rm(target, { recursive: true, force: true });
    await rename(aside, target);
    if (image.output !== image.outputFile) await link(context, image.outputFile, join(OUTPUT_PATH, image.output));
    return sum;
  });
  const size = sizeOf(target);
  emit({ type: "output", image: image.name, file: image.outputFile, size, ...(sha256 ? { sha256 } : {}) });
}

/** Removes what killed builds had copied halfway. */
export async function sweepPartials(running: string[]): Promise<void> {
  if (!existsSync(OUTPUT_PATH)) return;
  for (const name of await readdir(OUTPUT_PATH)) {
    const build = /^\.caisson-(.+)\.partial$/.exec(name)?.[1];
    if (build && !running.includes(build)) await rm(join(OUTPUT_PATH, name), { recursive: true, force: true });
  }
}

async function copyAside(context: Context, { path }: Artifact): Promise<string> {
  const name = `.caisson-${context.plan.build}.partial`;
  const binds = [
    { source: path, target: "/finished", readOnly: true },
    { source: OUTPUT_PATH, target: "/output" },
  ];
  try {
    const options = ["--archive", "--sparse=always", "--reflink=auto", "--no-target-directory"];
    await context.run(["cp", ...options, "--", "/finished", `/output/${name}`], { binds });
    await own(context, join(OUTPUT_PATH, name));
  } catch (error) {
    await rm(join(OUTPUT_PATH, name), { recursive: true, force: true });
    throw error;
  }
  return join(OUTPUT_PATH, name);
}

/** A rootful engine's files would belong to root; a tree's files keep the owners that they have in the image. */
async function own({ plan, image }: Context, path: string): Promise<void> {
  if (plan.owner && image.format !== "directory") await lchown(path, plan.owner.uid, plan.owner.gid);
}

async function link({ plan }: Context, to: string, path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await symlink(to, path);
  if (plan.owner) await lchown(path, plan.owner.uid, plan.owner.gid);
}

/** Bytes; what the files of a folder add up to. */
function sizeOf(path: string): number {
  let size = 0;
  for (const { stats } of walk(path)) if (stats.isFile()) size += stats.size;
  return size;
}
