import type { SessionOptions } from "../session/session.ts";
import type { Project } from "./project.ts";
import type { VerbContext } from "./verb.ts";

/** The engine is that of the configuration, or that of the command line where none is read. */
export function sessionOptions(context: VerbContext, project?: Project): SessionOptions {
  const { line, environment, platform, onEvent, interrupts } = context;
  return { engine: project?.config.main.config.Engine ?? line.engine, environment, platform, onEvent, interrupts };
}
