import { lstatSync } from "node:fs";
import { lchown, mkdir, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { BuildError } from "./errors.ts";
import { currentStep, type Emit, step } from "./events.ts";
import { exportContainer, pushImage } from "./exports/container.ts";
import { exportDisk } from "./exports/disk.ts";
import { sizeOf } from "./outputs/delivery.ts";
import { sweepPartials } from "./outputs/staging.ts";
import { type Export, type ExportPlan, OUTPUT_PATH, SOURCES_PATH } from "./protocol.ts";
import { makeRun, type Run } from "./run.ts";
import { claimWork, sweepWork } from "./store.ts";
import { fileHash } from "./tree/hash.ts";

interface Session {
  plan: ExportPlan;
  emit: Emit;
  run: Run;
  /** On the volume. */
  work: string;
  /** In the output directory: what is made lies here until it is whole. */
  staging: string;
}

/** Turns an image into what other programs take: each file whole, or not at all. */
export async function exportImage(
  plan: ExportPlan,
  { emit, signal }: { emit: Emit; signal: AbortSignal },
): Promise<void> {
  for (const each of plan.exports) if (each.kind !== "registry") refuseExisting(plan, each.file);
  const work = await claimWork(plan.build);
  const staging = join(OUTPUT_PATH, `.caisson-${plan.build}.partial`);
  const run = makeRun({ onLine: (line) => emit({ type: "log", id: currentStep(), line }), signal });
  try {
    await sweepPartials(await sweepWork());
    await mkdir(staging, { mode: 0o700 });
    const session = { plan, emit, run, work: work.folder, staging };
    const image = await unpacked(session);
    for (const each of plan.exports) await exportOne(session, image, each);
  } finally {
    await rm(staging, { recursive: true, force: true });
    await work.release();
  }
}

function refuseExisting({ force }: ExportPlan, file: string): void {
  const found = lstatSync(join(OUTPUT_PATH, file), { throwIfNoEntry: false });
  if (!found || (force && !found.isDirectory())) return;
  const hint = force ? "It is a folder: move it away." : "Use --force to replace it.";
  throw new BuildError("output-exists", `the output ${file} exists already`, { hint });
}

/** The image without the compression of the whole; qemu-img takes no other. */
async function unpacked({ plan, emit, run, work }: Session): Promise<string> {
  const image = join(SOURCES_PATH, plan.image.source);
  if (!plan.compressed) return image;
  const raw = join(work, "raw");
  const binds = [{ source: image, target: "/run/caisson/image", readOnly: true }];
  await step(emit, plan.file, `Unpacking ${plan.file}`, () =>
    run(["bsdcat", "/run/caisson/image"], { binds, stdout: { file: raw } }),
  );
  return raw;
}

async function exportOne(session: Session, image: string, each: Export): Promise<void> {
  const { plan, emit, run } = session;
  const scratch = join(session.work, "export");
  await mkdir(scratch);
  const container = { run, layout: image, reference: plan.reference, work: scratch };
  if (each.kind === "registry") {
    const title = `Pushing to ${each.image}`;
    const digest = await step(emit, plan.file, title, () => pushImage(container, each));
    const file = `docker://${each.image.replace(/@.*$/, "")}@${digest}`;
    emit({ type: "output", image: plan.file, file, size: sizeOf(image), sha256: digest.replace("sha256:", "") });
  } else {
    const output = join(session.staging, each.file);
    await step(emit, plan.file, `Writing ${each.file}`, async () => {
      if (each.kind === "container") await exportContainer(container, each.format, output);
      else
        await exportDisk(
          { plan, run, raw: image, content: await contentOf(session, image), output, work: scratch },
          each.format,
        );
    });
    await deliver(session, output);
  }
  await rm(scratch, { recursive: true });
}

const contents = new Map<string, Promise<string>>();

/** Read once, however many files are made of it. */
function contentOf({ plan }: Session, image: string): Promise<string> {
  const known = contents.get(plan.build) ?? fileHash(image);
  contents.set(plan.build, known);
  return known;
}

async function deliver({ plan, emit }: Session, path: string): Promise<void> {
  const file = basename(path);
  if (plan.owner) await lchown(path, plan.owner.uid, plan.owner.gid);
  const [{ size }, sha256] = await Promise.all([stat(path), fileHash(path)]);
  await rename(path, join(OUTPUT_PATH, file));
  emit({ type: "output", image: plan.file, file, size, sha256 });
}
