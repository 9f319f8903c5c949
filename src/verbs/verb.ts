import type { Event } from "../../sandbox/protocol.ts";
import type { CommandLine } from "../cli/parse.ts";
import type { Terminal } from "../session/interactive.ts";
import type { Interrupts } from "../session/interrupts.ts";

/** All that a verb knows of the world around it. */
export interface VerbContext {
  line: CommandLine;
  environment: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  /** Ids of the caller; undefined on systems without them. */
  user: { uid: number; gid: number } | undefined;
  terminal: Terminal;
  /** Shows progress. */
  onEvent: (event: Event) => void;
  /** Takes the view of progress off the terminal, which somebody else writes to from now on. */
  endProgress: () => void;
  interrupts: Interrupts;
}

/** What a verb has found out or done; main.ts prints it and exits. */
export interface VerbResult {
  /** Printed to standard output as it is. */
  text?: string;
  /** A long text: on a terminal it goes through a pager. */
  paged?: boolean;
  /** Printed instead with `--json`. */
  data?: unknown;
  /** Absent: 0. */
  exitCode?: number;
}

export type RunVerb = (context: VerbContext) => Promise<VerbResult>;
