import { PROTOCOL_VERSION, type ShellPlan } from "../../sandbox/protocol.ts";
import { projectId } from "../plan/index.ts";
import { runInteractive } from "../session/interactive.ts";
import { withSession } from "../session/session.ts";
import { buildProject } from "./build.ts";
import { isBuilt, mainImage, openProject } from "./project.ts";
import { sessionOptions } from "./session-options.ts";
import type { VerbContext, VerbResult } from "./verb.ts";

/** Runs a command, or a login shell, in a throw-away overlay over the built tree; the exit code is the command's. */
export async function shell(context: VerbContext): Promise<VerbResult> {
  const project = await openProject(context);
  return withSession(sessionOptions(context, project), async (session) => {
    if (context.line.force > 0 || !(await isBuilt(project))) await buildProject(session, project, context);
    const tools = await session.tools(context.line.toolsUpdate);
    const plan: ShellPlan = {
      version: PROTOCOL_VERSION,
      kind: "shell",
      project: projectId(project.config),
      image: mainImage(project).output,
      command: context.line.arguments,
      network: true,
    };
    context.endProgress();
    const exitCode = await runInteractive(session.engine, {
      ...session,
      image: tools.image,
      plan,
      sources: [],
      outputDirectory: project.outputDirectory,
      terminal: context.terminal,
      terminalName: context.environment.TERM,
      endInput: true,
    });
    return { exitCode };
  });
}
