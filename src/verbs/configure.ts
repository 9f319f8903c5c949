import { configurable } from "../plan/configurable.ts";
import { configurePlan } from "../plan/configure.ts";
import { applyConfigured, type Configured } from "../plan/configured.ts";
import type { Session } from "../session/session.ts";
import { runWorker } from "../session/worker.ts";
import { outputOwner } from "./owner.ts";
import { type Project, projectOf } from "./project.ts";
import { checkScripts, scriptOptions } from "./scripts.ts";
import type { VerbContext } from "./verb.ts";

/**
 * Runs ConfigureScripts= of all images in the tools container, and gives back the project that they make of this one.
 * Throws UserError `not-executable`, WorkerFailure `configure-failed`, and what is wrong in what they printed.
 */
export async function configureProject(session: Session, project: Project, context: VerbContext): Promise<Project> {
  if (configurable(project.config).length === 0) return project;
  await checkScripts(project.config, { configure: "ConfigureScripts" }, context);
  const { plan, mounts } = configurePlan(project.config, {
    // In a rootless engine the container's root is the caller already.
    caller: (session.engine.rootless ? undefined : outputOwner(context)) ?? { uid: 0, gid: 0 },
    ...scriptOptions(context),
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
