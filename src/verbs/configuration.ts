import { findVerb } from "../cli/verbs.ts";
import { loadConfig, type ResolvedProject } from "../config/index.ts";
import { configurable } from "../plan/configurable.ts";
import { type Recalled, recall } from "./history.ts";
import { showProblems } from "./problems.ts";
import type { VerbContext } from "./verb.ts";

/**
 * Reads the configuration that a verb works with, and says what is not as it should be: with the settings of the last
 * build where History= kept them. `given` is what the caller has found out already: those settings, and the version that
 * the image is to have in place of its own. Throws UserError with exit code 2.
 */
export async function readConfiguration(
  context: VerbContext,
  given?: { recalled: Recalled | undefined; raised: string | undefined },
): Promise<ResolvedProject> {
  const { line, environment } = context;
  const { recalled, raised } = given ?? { recalled: await recall(context), raised: undefined };
  const version = { name: "ImageVersion", value: raised ?? "", source: "command line", raw: "mkosi.version" } as const;
  const settings = recalled?.arguments ?? line.settings;
  const project = await loadConfig({
    directory: line.directory,
    arguments: raised === undefined ? settings : [...settings, version],
    ...(recalled === undefined ? {} : { earlier: recalled.earlier }),
    environment,
  });
  // A build refuses the others, or was told to pass over them.
  const shown = findVerb(line.verb)?.builds === true ? warningsOf(project) : project.problems;
  showProblems(shown, context);
  return project;
}

function warningsOf({ problems }: ResolvedProject): ResolvedProject["problems"] {
  return problems.filter(({ severity }) => severity === "warning");
}

/** For those who only read the configuration. */
export function noticeConfigureScripts(project: ResolvedProject, { onEvent }: Pick<VerbContext, "onEvent">): void {
  const images = configurable(project);
  if (images.length === 0) return;
  const message = `ConfigureScripts= of ${images.join(", ")} run before a build alone, and may change what is shown here`;
  onEvent({ type: "notice", level: "info", message });
}
