import { PROTOCOL_VERSION, type ShellPlan } from "../../sandbox/protocol.ts";
import { projectId } from "../plan/index.ts";
import { withSession } from "../session/session.ts";
import { buildWhereNeeded } from "./build.ts";
import { onTerminal } from "./on-terminal.ts";
import { openProject } from "./project.ts";
import { sessionOptions } from "./session-options.ts";
import type { VerbContext, VerbResult } from "./verb.ts";

/** Runs a command, or a login shell, in a throw-away overlay over the built tree; the exit code is the command's. */
export async function shell(context: VerbContext): Promise<VerbResult> {
  const opened = await openProject(context);
  return withSession(sessionOptions(context, opened), async (session) => {
    const project = await buildWhereNeeded(session, opened, context);
    const plan: ShellPlan = {
      version: PROTOCOL_VERSION,
      kind: "shell",
      project: projectId(project.config),
      image: project.config.main.config.Output,
      command: context.line.arguments,
      network: true,
    };
    const exitCode = await onTerminal(session, project, context, { plan, endInput: true });
    return { exitCode };
  });
}
