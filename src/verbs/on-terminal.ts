import type { ShellPlan, VmPlan } from "../../sandbox/protocol.ts";
import { type InteractiveRun, runInteractive } from "../session/interactive.ts";
import type { Session } from "../session/session.ts";
import type { Project } from "./project.ts";
import type { VerbContext } from "./verb.ts";

/** Runs a plan on the user's terminal, in the place of the progress. Gives back the exit code. */
export async function onTerminal(
  session: Session,
  project: Project,
  context: VerbContext,
  run: { plan: VmPlan | ShellPlan } & Pick<InteractiveRun, "endInput" | "devices"> &
    Partial<Pick<InteractiveRun, "sources">>,
): Promise<number> {
  const tools = await session.tools(context.line.toolsUpdate);
  context.endProgress();
  return runInteractive(session.engine, {
    ...session,
    sources: [],
    ...run,
    image: tools.image,
    outputDirectory: project.outputDirectory,
    terminal: context.terminal,
    terminalName: context.environment.TERM,
  });
}
