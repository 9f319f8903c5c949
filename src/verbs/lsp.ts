import { version } from "./help.ts";
import type { RunVerb } from "./verb.ts";

/** Serves an editor on standard input and output, which are its own: nothing else may print to them. */
export const lsp: RunVerb = async ({ environment, terminal, interrupts, endProgress }) => {
  endProgress();
  const { runServer } = await import("../lsp/connect.ts");
  const { data } = await version();
  const streams = { input: terminal.stdin, output: terminal.stdout, signal: interrupts.cancel };
  return { exitCode: await runServer(streams, { ...(data as { version: string }), environment }) };
};
