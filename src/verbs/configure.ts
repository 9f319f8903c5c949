import { access, chmod, constants, stat } from "node:fs/promises";
import type { ResolvedProject } from "../config/index.ts";
import { machineFiles } from "../config/machine.ts";
import { configError } from "../config/values/value-type.ts";
import { configurable } from "../plan/configurable.ts";
import { configurePlan } from "../plan/configure.ts";
import { applyConfigured, type Configured } from "../plan/configured.ts";
import type { Session } from "../session/session.ts";
import { runWorker } from "../session/worker.ts";
import { outputOwner } from "./owner.ts";
import { shownPath } from "./paths.ts";
import { type Project, projectOf } from "./project.ts";
import type { VerbContext } from "./verb.ts";

/**
 * Runs ConfigureScripts= of all images in the tools container, and gives back the project that they make of this one.
 * Throws UserError `not-executable`, WorkerFailure `configure-failed`, and what is wrong in what they printed.
 */
export async function configureProject(session: Session, project: Project, context: VerbContext): Promise<Project> {
  if (configurable(project.config).length === 0) return project;
  await checkScripts(project.config, context);
  const { plan, mounts } = configurePlan(project.config, {
    // In a rootless engine the container's root is the caller already.
    caller: (session.engine.rootless ? undefined : outputOwner(context)) ?? { uid: 0, gid: 0 },
    debug: context.line.debug,
    environment: context.environment,
    read: machineFiles.read,
    shown: (path) => shownPath(path),
  });
  const tools = await session.tools(context.line.toolsUpdate);
  const printed: Configured[] = [];
  const onEvent: Session["onEvent"] = (event) => {
    if (event.type === "configured") printed.push(event);
    else session.onEvent(event);
  };
  await runWorker(session.engine, { ...session, onEvent, image: tools.image, plan, sources: mounts });
  return projectOf(applyConfigured(project.config, printed), project, context);
}

async function checkScripts({ images }: ResolvedProject, context: VerbContext): Promise<void> {
  for (const { config } of images) {
    for (const path of config.ConfigureScripts) {
      if (!(await isExecutable(path))) await makeExecutable(path, config.MakeScriptsExecutable, context);
    }
  }
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EACCES") throw error;
    return false;
  }
}

async function makeExecutable(path: string, allowed: boolean, { onEvent }: VerbContext): Promise<void> {
  const file = shownPath(path);
  if (!allowed) {
    const hint = `chmod +x ${file}, or set MakeScriptsExecutable=yes in [Build]`;
    throw configError("not-executable", `${file}: the configure script is not executable`, hint);
  }
  await chmod(path, (await stat(path)).mode | 0o100);
  onEvent({ type: "notice", level: "warning", message: `${file} was not executable, and is now` });
}
