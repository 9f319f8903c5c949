import type { Context } from "../../context.ts";
import { ToolError } from "../../errors.ts";
import { proxyBinds, proxyWords } from "./network.ts";

/** curl's exit code for an answer that is no success, with --fail. */
const NO_SUCCESS = 22;

/**
 * Fetches a URL with curl(1), which knows proxies, into a file or as text. Undefined where the answer is no success;
 * throws where there is none.
 */
export async function fetchThroughProxy(context: Context, url: string, file?: string): Promise<string | undefined> {
  const limits = ["--connect-timeout", "30", "--speed-time", "60", "--speed-limit", "1"];
  const words = ["curl", "--silent", "--show-error", "--fail", "--location", ...limits, ...proxyWords(context)];
  const stdout = file === undefined ? ("capture" as const) : { file };
  const options = { network: true, binds: proxyBinds(context), stdout, accept: [0, NO_SUCCESS] };
  try {
    const result = await context.run([...words, "--", url], options);
    return result.exitCode === 0 ? result.stdout : undefined;
  } catch (error) {
    throw error instanceof ToolError ? new Error(error.output.at(-1) ?? error.message) : error;
  }
}
