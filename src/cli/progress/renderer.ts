import type { Event } from "../../../sandbox/protocol.ts";

/** Shows the events of a run as they come. */
export interface Renderer {
  event(event: Event): void;
  /** The run is over: whatever is drawn and redrawn is taken off. Safe to call twice. */
  end(): void;
}

export interface RendererOptions {
  write: (text: string) => void;
  /** Milliseconds, of any epoch. */
  now: () => number;
  /** Width of the terminal. */
  columns: () => number;
  color: boolean;
  /** Show why layers were built. */
  explain: boolean;
  /** Show every line of the tools' output. */
  debug: boolean;
}
