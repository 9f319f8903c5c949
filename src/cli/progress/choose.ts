import { githubRenderer } from "./github.ts";
import { jsonRenderer } from "./json.ts";
import { liveRenderer } from "./live.ts";
import { plainRenderer } from "./plain.ts";
import type { Renderer } from "./renderer.ts";

interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/**
 * The renderer for this run: JSON lines go to standard output, everything else to standard error, whose output stays
 * free for results.
 */
export function chooseRenderer(
  options: { json: boolean; explain: boolean; debug: boolean },
  streams: { stdout: Output; stderr: Output },
  environment: NodeJS.ProcessEnv,
): Renderer {
  if (options.json) return jsonRenderer((text) => streams.stdout.write(text));
  const { stderr } = streams;
  const shared = {
    write: (text: string) => void stderr.write(text),
    now: () => performance.now(),
    columns: () => stderr.columns ?? 80,
    // https://no-color.org
    color: (environment.NO_COLOR ?? "") === "",
    explain: options.explain,
    debug: options.debug,
  };
  if (environment.GITHUB_ACTIONS === "true") return githubRenderer(shared);
  const live = stderr.isTTY === true && environment.TERM !== "dumb" && !options.debug;
  return live ? liveRenderer(shared) : plainRenderer(shared);
}
