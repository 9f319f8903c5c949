import { mkdir } from "node:fs/promises";
import type { Context, Share } from "./context.ts";
import { BuildError } from "./errors.ts";
import { currentStep, type Emit, step } from "./events.ts";
import { sweepPartials } from "./outputs/staging.ts";
import { packageManagers } from "./package-managers/index.ts";
import { type BuildPlan, DeliveryPart, type ImagePlan, type Tree } from "./protocol.ts";
import { makeRun, type OpenShell } from "./run.ts";
import { cleanUp, syncSources } from "./scripts/before.ts";
import { hostOf, left, type Packages, type Stage, scriptLayer } from "./scripts/layers.ts";
import type { ScriptHost } from "./scripts/run-scripts.ts";
import { validateKeys } from "./signing/validate.ts";
import { type Built, provideSources } from "./sources.ts";
import { type Artifact, artifact } from "./steps/artifact.ts";
import { baseLayer } from "./steps/base.ts";
import { buildPackagesLayer } from "./steps/build-packages.ts";
import { deliver } from "./steps/deliver.ts";
import { overlayLayer } from "./steps/overlay.ts";
import { ownPackages, packagesLayer } from "./steps/packages.ts";
import { makeSandbox } from "./steps/sandbox.ts";
import { systemLayer } from "./steps/system.ts";
import { userFilesLayer } from "./steps/user-files.ts";
import { volatilePackages } from "./steps/volatile-packages.ts";
import { claimWork, publishJson, storePath, sweepWork } from "./store.ts";
import { valueHash } from "./tree/hash.ts";

export interface Session {
  emit: Emit;
  /** Aborted when the user cancels, or is gone. */
  signal: AbortSignal;
  /** Content hash of this program. */
  code: string;
  share: Share;
  openShell: OpenShell;
}

/** Carries out a plan: every image as soon as those that it needs are there, images that do not need each other at the same time. */
export async function build(plan: BuildPlan, session: Session): Promise<void> {
  const work = await claimWork(plan.build);
  // Both to their end: nothing may still use the folder when it is removed.
  const results = await Promise.allSettled([buildImages(plan, session), sweepWork().then(sweepPartials)]);
  await work.release();
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

async function buildImages(plan: BuildPlan, session: Session): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([session.signal, stop.signal]);
  for (const image of plan.images) await cleanUp(plan, image, await scriptHost(plan, image, session));
  for (const image of plan.images) await syncSources(plan, image, await scriptHost(plan, image, session));
  const images = new Map<string, Promise<Built>>();
  for (const image of plan.images) {
    // Nothing else is built, and needs another image.
    if (plan.rerunBuildScripts && !image.scripts?.scripts.build.length) continue;
    const wanted = plan.rerunBuildScripts ? [] : image.initrdImages;
    const initrds = wanted.map(async (name) => (await needed(images, name)).artifact);
    for (const initrd of initrds) initrd.catch(() => undefined);
    const others = (names: string[]) => (plan.rerunBuildScripts ? [] : names.map((name) => needed(images, name)));
    const packagers = others(packagersFor(plan, image));
    const outputs = others(image.scripts ? dependenciesOf(plan, image) : []);
    const building = buildImage(plan, image, { initrds, packagers, outputs }, { ...session, signal });
    // The first failure ends the others, which then fail for that reason alone.
    building.catch(() => stop.abort());
    images.set(image.name, building);
    provideSources(plan, image.name, building);
  }
  const results = await Promise.allSettled(images.values());
  const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
  if (failures.length > 0) throw failures.find((failure) => !isInterruption(failure)) ?? failures[0];
}

/** What an image waits for, where it comes to use it. */
interface Needed {
  initrds: Promise<Artifact>[];
  /** Whose scripts may leave packages for it. */
  packagers: Promise<Built>[];
  /** Whose outputs its scripts may read. */
  outputs: Promise<Built>[];
}

/** One image, from nothing to a file in the output directory: the table of contents of a build. */
async function buildImage(
  plan: BuildPlan,
  image: ImagePlan,
  { initrds, packagers, outputs }: Needed,
  session: Session,
): Promise<Built> {
  const manager = packageManagers[image.packageManager];
  const early = await makeContext(plan, image, session, image.sourceDateEpoch ?? 0);
  const metadata = await step(session.emit, image.name, "Refreshing the package index", () => manager.sync(early));
  const context = await makeContext(plan, image, session, image.sourceDateEpoch ?? metadata.date);
  await validateKeys(context);

  const base = await baseLayer(context, manager, metadata);
  const given = (await Promise.all(packagers)).flatMap(({ packages }) => packages);
  const packages = { manager, metadata: await ownPackages(context, manager, metadata, given) };
  const filled = await packagesLayer(context, packages, base);
  const images = (await Promise.all(outputs)).map(({ artifact }) => artifact.key);
  const stage = await finished(context, packages, { tree: filled, given, images });
  const made = left(stage, "packages");
  const offered = made === undefined ? [] : [made];
  const unwritten = { artifact: { key: stage.tree.key, path: "" }, tree: stage.tree, packages: offered };
  if (plan.rerunBuildScripts) return unwritten;
  if (image.deliver) await publishJson("latest", `tree-${plan.project}-${image.output}`, stage.tree.stack);
  if (image.format === "none") return unwritten;
  const tree = image.overlay && !image.oci?.overBase ? await overlayLayer(context, stage.tree) : stage.tree;
  const parts = { tree, beside: stage.beside, initrds: await Promise.all(initrds) };
  return { artifact: await (image.deliver ? deliver : artifact)(context, parts), tree, packages: offered };
}

async function scriptHost(plan: BuildPlan, image: ImagePlan, session: Session): Promise<ScriptHost> {
  return hostOf(await makeContext(plan, image, session, image.sourceDateEpoch ?? 0));
}

/** All that follows the packages: the user's programs, files and settings. */
async function finished(context: Context, packages: Packages, filled: Stage): Promise<Stage> {
  const prepared = await scriptLayer(context, packages, filled, { kind: "prepare", arguments: ["final"] });
  const built = await buildResults(context, packages, prepared);
  // As in mkosi, whose build ends here for them.
  if (context.image.format === "none" || context.plan.rerunBuildScripts) return built;
  const files = await userFilesLayer(context, await volatilePackages(context, packages, built));
  const more = await madePackages(context, packages, built);
  const installed = await scriptLayer(context, more, files, { kind: "postinst", arguments: ["final"] });
  const system = { ...installed, tree: await systemLayer(context, packages.manager, installed.tree) };
  return scriptLayer(context, more, system, { kind: "finalize", arguments: [] });
}

/** With what the image's own scripts have left in PACKAGEDIR, for later ones. */
async function madePackages(context: Context, { manager, metadata }: Packages, stage: Stage): Promise<Packages> {
  const made = left(stage, "packages");
  const folders = made && context.image.scripts ? [made] : [];
  return { manager, metadata: await manager.withLocal(context, metadata, { folders, files: [] }) };
}

/** Build scripts run over a tree of their own, of which the image gets nothing: they leave their results beside it. */
async function buildResults(context: Context, packages: Packages, prepared: Stage): Promise<Stage> {
  const part = context.image.scripts;
  if (!part || part.scripts.build.length === 0) return prepared;
  const equipped = { ...prepared, tree: await buildPackagesLayer(context, packages, prepared.tree) };
  const preparing = { kind: "prepare" as const, name: "build-prepare", arguments: ["build"] };
  const ready = await scriptLayer(context, packages, equipped, preparing);
  const built = await scriptLayer(context, packages, ready, { kind: "build", arguments: part.arguments });
  return { ...built, tree: prepared.tree };
}

async function makeContext(plan: BuildPlan, image: ImagePlan, session: Session, epoch: number): Promise<Context> {
  const { emit, signal, code, share } = session;
  const work = storePath("work", plan.build, image.name);
  await mkdir(work, { recursive: true });
  const onLine = (line: string) => emit({ type: "log", id: currentStep(), line });
  const clock = plan.clock === undefined ? {} : { clock: plan.clock };
  const openShell = plan.debugShell ? session.openShell : undefined;
  const runner = { environment: { SOURCE_DATE_EPOCH: String(epoch) }, onLine, signal, openShell, ...clock };
  const seed = image.seed ?? deriveSeed(image);
  const context = { plan, image, emit, run: makeRun(runner), epoch, code, share, seed, work, signal };
  const sandbox = await makeSandbox(context);
  return sandbox ? { ...context, sandbox, run: makeRun({ ...runner, overTools: sandbox.path }) } : context;
}

/**
 * A UUID (version 8: of our own making, RFC 9562) that follows from everything that the image was asked to be. Where its
 * packages were fetched from is no part of that, nor what is delivered beside it, nor what scripts are told of this machine.
 */
export function deriveSeed({ repositories: _, scripts: __, proxy: ___, cacheOnly: ____, ...image }: ImagePlan): string {
  const besides = Object.keys(DeliveryPart.shape);
  const asked = Object.entries(withoutNames(image)).filter(([name]) => !besides.includes(name));
  const digits = valueHash(Object.fromEntries(asked));
  const variant = ((Number.parseInt(digits.charAt(16), 16) & 0x3) | 0x8).toString(16);
  const groups = [digits.slice(0, 8), digits.slice(8, 12), `8${digits.slice(13, 16)}`];
  return [...groups, `${variant}${digits.slice(17, 20)}`, digits.slice(20, 32)].join("-");
}

/** What the user calls a folder says nothing of the image. */
function withoutNames({
  skeletonTrees,
  extraTrees,
  ...image
}: Omit<ImagePlan, "repositories" | "scripts" | "proxy" | "cacheOnly">) {
  const plain = (trees: Tree[] = []) => trees.map(({ name: _, ...tree }) => tree);
  return { ...image, skeletonTrees: plain(skeletonTrees), extraTrees: plain(extraTrees) };
}

/** Names of the images that an image depends on and that can leave packages for it. */
function packagersFor(plan: BuildPlan, image: ImagePlan): string[] {
  const names = dependenciesOf(plan, image);
  return names.filter((name) => plan.images.some((other) => other.name === name && other.scripts));
}

/** Names of the images that an image depends on, itself or by way of others. */
export function dependenciesOf(plan: Pick<BuildPlan, "images">, image: Pick<ImagePlan, "dependencies">): string[] {
  const found = new Set<string>();
  for (const name of image.dependencies) {
    const other = plan.images.find((each) => each.name === name);
    for (const each of [name, ...(other ? dependenciesOf(plan, other) : [])]) found.add(each);
  }
  return [...found];
}

function needed(images: Map<string, Promise<Built>>, name: string): Promise<Built> {
  const image = images.get(name);
  if (!image) throw new Error(`the plan needs the image ${name} before it is built`);
  return image;
}

function isInterruption(failure: unknown): boolean {
  return failure instanceof BuildError ? failure.code === "interrupted" : (failure as Error)?.name === "AbortError";
}
