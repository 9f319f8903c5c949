import { PassThrough } from "node:stream";
import type { Event } from "../../../sandbox/protocol.ts";
import { parseCommandLine } from "../../../src/cli/parse.ts";
import { settings } from "../../../src/config/settings/index.ts";
import type { VerbContext } from "../../../src/verbs/verb.ts";

/** A context for a verb that is to stop before it asks for an engine. */
export function verbContext(...argv: string[]): VerbContext & { events: Event[] } {
  const events: Event[] = [];
  const never = new AbortController().signal;
  return {
    line: parseCommandLine(argv, settings),
    environment: {},
    platform: "linux",
    user: { uid: 1000, gid: 1000 },
    terminal: { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() },
    onEvent: (event) => void events.push(event),
    endProgress: () => undefined,
    interrupts: { cancel: never, kill: never },
    events,
  };
}
