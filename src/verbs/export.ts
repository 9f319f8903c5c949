import { lstatSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors.ts";
import { REGISTRY } from "../exports/index.ts";
import { configurable } from "../plan/configurable.ts";
import { checkExportable, type ExportTarget, exportFile, exportPlan, exportTargets } from "../plan/export.ts";
import { withSession } from "../session/session.ts";
import { runWorker } from "../session/worker.ts";
import { buildWhereNeeded } from "./build.ts";
import { outputOwner } from "./owner.ts";
import { shownPath } from "./paths.ts";
import { credentialsFile, mainOutput, openProject, type Project } from "./project.ts";
import { sessionOptions } from "./session-options.ts";
import type { VerbContext, VerbResult } from "./verb.ts";

/**
 * Turns the image into what other programs take, or pushes it to a registry; builds it before where it does not exist.
 * Prints the paths of what was made. Throws UserError `unknown-export`, `not-exportable`.
 */
export async function exportVerb(context: VerbContext): Promise<VerbResult> {
  const targets = exportTargets(context.line.arguments);
  const opened = await openProject(context);
  const check = (project: Project) => checkExportable(project.config, targets);
  if (configurable(opened.config).length === 0) check(opened);
  if (context.line.force === 0) refuseExisting(opened, targets);
  return withSession(sessionOptions(context, opened), async (session) => {
    const project = await buildWhereNeeded(session, opened, context, check);
    check(project);
    const { outputDirectory } = project;
    const { plan, mounts } = exportPlan(project.config, targets, {
      build: session.build,
      image: join(outputDirectory, mainOutput(project)),
      force: context.line.force > 0,
      owner: session.engine.rootless ? undefined : outputOwner(context),
      credentials: credentialsFile(context),
    });
    const tools = await session.tools(context.line.toolsUpdate);
    const run = { ...session, image: tools.image, plan, sources: mounts, outputDirectory };
    const outputs = await runWorker(session.engine, run);
    const names = outputs.map(({ file }) =>
      file.startsWith(REGISTRY) ? file : shownPath(join(outputDirectory, file)),
    );
    return { text: names.map((name) => `${name}\n`).join("") };
  });
}

/** Before there is an engine; once more where the files are written. */
function refuseExisting({ config, outputDirectory }: Project, targets: readonly ExportTarget[]): void {
  for (const target of targets) {
    const path = "format" in target ? join(outputDirectory, exportFile(config.main.config, target.format)) : undefined;
    if (path === undefined || lstatSync(path, { throwIfNoEntry: false }) === undefined) continue;
    throw new UserError("output-exists", `The output ${shownPath(path)} exists already`, {
      hint: "Replace it with --force (-f)",
    });
  }
}
