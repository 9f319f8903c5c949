import { mkdir } from "node:fs/promises";
import { join, posix } from "node:path";
import type { Context } from "../context.ts";
import { deliveredNames, lastDelivery } from "../outputs/delivery.ts";
import { type BuildSource, type ScriptKind, type ScriptsPart, SOURCES_PATH, SRCDIR } from "../protocol.ts";
import type { Bind } from "../run.ts";
import { treeHash } from "../tree/hash.ts";
import { mountOverlay } from "../tree/overlay.ts";
import { bytePath } from "../tree/walk.ts";

/** Where a source or a writable folder of the plan is mounted in the worker. */
export function mounted(name: string): string {
  return join(SOURCES_PATH, name);
}

/** Binds of sources below SRCDIR, outer folders before those that lie in them, which they would hide. */
export function sourceBinds(sources: { source: string; target: string }[], readOnly: boolean): Bind[] {
  const binds = sources.map(({ source, target }) => ({ source: mounted(source), target: below(target), readOnly }));
  return binds.sort((a, b) => a.target.split("/").length - b.target.split("/").length);
}

function below(target: string): string {
  return posix.join(SRCDIR, target).replace(/\/$/, "");
}

type Sources = Pick<ScriptsPart, "buildSources" | "buildSourcesEphemeral" | "buildDirectory">;

/**
 * Runs `work` with the sources as one kind of scripts sees them: with BuildSourcesEphemeral= each lies below an overlay,
 * which goes afterwards, or, for build scripts with `buildcache`, is kept in the build directory.
 */
export async function withSources<T>(
  sources: Sources,
  { kind, folder }: { kind: ScriptKind; folder: string },
  work: (binds: Bind[]) => Promise<T>,
): Promise<T> {
  if (keepsSources(sources.buildSourcesEphemeral, kind)) return work(sourceBinds(sources.buildSources, false));
  const overlays: Awaited<ReturnType<typeof mountOverlay>>[] = [];
  try {
    const binds = sourceBinds(sources.buildSources, false);
    for (const [index, bind] of binds.entries()) {
      const overlay = await mountOverlay(
        [bind.source],
        join(folder, `source-${index}`),
        await keptIn(sources, kind, bind),
      );
      overlays.push(overlay);
      bind.source = overlay.root;
    }
    return await work(binds);
  } finally {
    for (const overlay of overlays.reverse()) await overlay.unmount();
  }
}

/** Whether what scripts write into their sources stays there. */
export function keepsSources(ephemeral: Sources["buildSourcesEphemeral"], kind: ScriptKind): boolean {
  return kind === "sync" || kind === "clean" || ephemeral === "no";
}

/** The folder of the build directory that keeps what build scripts write into a source. */
async function keptIn({ buildSourcesEphemeral, buildDirectory }: Sources, kind: ScriptKind, { target }: Bind) {
  if (buildSourcesEphemeral !== "buildcache" || kind !== "build" || !buildDirectory) return undefined;
  const name = posix.relative(SRCDIR, target).replaceAll("/", "-");
  const upper = join(mounted(buildDirectory.writable), `mkosi.buildovl.${name || "src"}`);
  await mkdir(upper, { recursive: true });
  return upper;
}

/** Sources as a key takes them: their content, where it is shown. Read again once a script has run, which may change them. */
export async function sourceInputs({ share, plan }: Context, sources: BuildSource[]): Promise<string[]> {
  const inputs = sources.map(async ({ source, target, ignored, outputs }) => {
    const names = outputs === undefined ? [] : await namesOfOutputs(plan);
    const skipped = new Set([...ignored, ...names.map((name) => posix.join(outputs ?? "", name))].map(bytePath));
    const skip = (path: string) => skipped.has(path) || isPartial(path);
    return `${target} ${await share(`source ${source} ${runs}`, () => treeHash(mounted(source), { skip }))}`;
  });
  return Promise.all(inputs);
}

/** How many scripts have run. */
let runs = 0;

export function countRun(): void {
  runs++;
}

/** What earlier builds delivered, whatever that was. */
async function namesOfOutputs({ images, project }: Context["plan"]): Promise<string[]> {
  const deliveries = await Promise.all(images.map(({ output }) => lastDelivery(project, output)));
  return deliveries.flatMap((delivery) => (delivery ? deliveredNames(delivery) : []));
}

/** What a delivery that is under way, in this build or another, has written so far. */
function isPartial(path: string): boolean {
  return path.split("/").at(-1)?.startsWith(".caisson-") === true;
}
