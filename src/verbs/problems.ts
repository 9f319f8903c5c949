import { type Problem, problemText } from "../config/problems.ts";
import type { VerbContext } from "./verb.ts";

/** Says what is not as it should be in a configuration that could be read all the same. */
export function showProblems(problems: readonly Problem[], { onEvent }: Pick<VerbContext, "onEvent">): void {
  for (const problem of problems) onEvent({ type: "notice", level: "warning", message: problemText(problem) });
}
