import { mkdir, readdir } from "node:fs/promises";
import { availableParallelism, hostname } from "node:os";
import { join } from "node:path";
import { type CleanPlan, PROTOCOL_VERSION } from "../../sandbox/protocol.ts";
import { emptyReport } from "../diff/report.ts";
import { type Session, withSession } from "../session/session.ts";
import { runWorker } from "../session/worker.ts";
import { openCopy } from "../verify/copy-project.ts";
import { pairOutputs } from "../verify/outputs.ts";
import { makePlace, removeFolder, type VerifyPlace } from "../verify/place.ts";
import { otherStorage } from "../verify/storage.ts";
import { type Verification, verificationData, verificationText } from "../verify/text.ts";
import { CLOCK, described, elsewhere, inOtherProcess, surroundings, type Variation } from "../verify/variations.ts";
import { buildOutputs } from "./build.ts";
import { configureProject } from "./configure.ts";
import { compare, exitCodeOf, writeHtml } from "./diff.ts";
import { openProject, type Project } from "./project.ts";
import { sessionOptions } from "./session-options.ts";
import type { VerbContext, VerbResult } from "./verb.ts";

/**
 * Builds the configuration twice, as different as two builds can be, in places of their own, and compares all that they
 * deliver; exit code 1 where it is not the same.
 */
export async function verify(context: VerbContext): Promise<VerbResult> {
  const opened = await openProject(context);
  const verification = await withSession(sessionOptions(context, opened), (session) => {
    return inPlace(session, context, (place) => buildTwice({ session, place, opened, context }));
  });
  await writeHtml(verification.report, context);
  const exitCode = exitCodeOf(verification.report);
  return { text: verificationText(verification), data: verificationData(verification), exitCode };
}

interface Job {
  session: Session;
  place: VerifyPlace;
  opened: Project;
  context: VerbContext;
}

async function buildTwice({ session, place, opened, context }: Job): Promise<Verification> {
  const [first, second] = [join(place.folder, "first"), join(place.folder, "second")];
  for (const path of [first, second]) await mkdir(path);
  await buildInto(session, first, { opened, context }, {});
  const variations = await buildElsewhere({ session, place, opened, context }, second);
  return compareOutputs(session, { first, second }, variations, context);
}

async function buildElsewhere({ session, place, opened, context }: Job, output: string): Promise<Variation[]> {
  const { environment, platform } = context;
  const tools = await session.tools(context.line.toolsUpdate);
  const storage = await otherStorage({ session, folder: place.folder, environment, platform }, tools.image);
  try {
    const copy = join(place.folder, "another", "path", "to", "it");
    const elsewhereSession = { ...session, engine: storage.engine, surroundings: surroundings(place.volume) };
    const asOther = !session.engine.rootless && context.user?.uid === 0;
    const folder = await inOtherProcess(async () => {
      const copied = await openCopy(opened, copy, (directory) => elsewhere(context, directory, asOther));
      const there = { opened: copied.project, context: copied.context };
      await buildInto(elsewhereSession, output, there, { clock: CLOCK });
      return copied.variation;
    });
    return [
      ...described(context, { hostname: hostname(), processors: availableParallelism(), asOther }),
      folder,
      storage.variation,
    ];
  } finally {
    await storage.engine.removeVolume(place.volume);
    await storage.close();
  }
}

/** One of the builds, from nothing that the user has to a folder of its own. */
async function buildInto(
  session: Session,
  output: string,
  { opened, context }: Pick<Job, "opened" | "context">,
  change: { clock?: number },
): Promise<void> {
  const project = await configureProject(session, { ...opened, outputDirectory: output }, context);
  await buildOutputs(session, { ...project, outputDirectory: output }, context, (plan) => {
    // What is remembered of the project's own builds stays as it is.
    return { ...plan, ...change, project: `verify-${plan.project}` };
  });
}

async function compareOutputs(
  session: Session,
  { first, second }: { first: string; second: string },
  variations: Variation[],
  { line }: VerbContext,
): Promise<Verification> {
  const { pairs, differences } = await pairOutputs(first, second);
  const sides = { a: "the first build", b: "the second build" };
  const found = await compare(session, pairs, sides, line.toolsUpdate);
  const report = emptyReport(sides.a, sides.b);
  for (const difference of [...differences, ...found.differences]) report.add(difference);
  report.total = differences.length + found.total;
  const outputs = pairs.map(({ name, size }) => ({ file: name, size, same: !found.outermost.has(name) }));
  return { variations, outputs, report };
}

async function inPlace<T>(
  session: Session,
  { environment, platform, line }: VerbContext,
  work: (place: VerifyPlace) => Promise<T>,
): Promise<T> {
  const remove = (place: VerifyPlace) => removePlace(session, place, line.toolsUpdate);
  const place = await makePlace({ environment, platform, engine: session.engine }, remove);
  try {
    return await work(place);
  } finally {
    await remove(place);
  }
}

/** Folders of trees have files of other owners, which only a container can remove. */
async function removePlace(session: Session, { folder }: VerifyPlace, toolsUpdate: boolean): Promise<void> {
  try {
    await removeFolder(folder);
  } catch (error) {
    if (!["EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    const tools = await session.tools(toolsUpdate);
    const plan: CleanPlan = {
      version: PROTOCOL_VERSION,
      kind: "clean",
      what: "work",
      project: session.build,
      images: [{ output: session.build, files: await readdir(folder) }],
      scripts: [],
      buildDirectories: [],
    };
    const never = new AbortController().signal;
    const interrupts = { cancel: never, kill: never };
    await runWorker(session.engine, {
      ...session,
      interrupts,
      image: tools.image,
      plan,
      sources: [],
      outputDirectory: folder,
    });
    await removeFolder(folder);
  }
}
