import type { Event } from "../../../sandbox/protocol.ts";
import { amount, explanation, outputLine, result } from "./format.ts";
import type { Renderer, RendererOptions } from "./renderer.ts";

/** Milliseconds between two lines about the progress of one step. */
const progressInterval = 10_000;

/** A line for each thing that happens: for logs, pipes and debugging. */
export function plainRenderer(options: RendererOptions): Renderer {
  const steps = new Map<string, { name: string; shown: number }>();

  function lines(event: Event): string[] {
    switch (event.type) {
      case "step":
        steps.set(event.id, { name: `${event.image}: ${event.title}`, shown: options.now() });
        return [`${event.image}: ${event.title}`];
      case "step-end":
        return [`${steps.get(event.id)?.name ?? event.id}: ${result(event)}`];
      case "progress":
        return progress(event);
      case "log":
        return options.debug ? [`  ${event.line}`] : [];
      case "notice":
        return [event.level === "warning" ? `warning: ${event.message}` : event.message];
      case "layer":
        return options.explain ? explanation(event) : [];
      case "output":
        return [`${event.image}: wrote ${outputLine(event)}`];
      case "hello":
      case "configured":
      case "debug-shell":
      case "difference":
      case "error":
        return [];
    }
  }

  function progress(event: Extract<Event, { type: "progress" }>): string[] {
    const step = steps.get(event.id);
    if (step === undefined || options.now() - step.shown < progressInterval) return [];
    step.shown = options.now();
    return [`${step.name}: ${amount(event)}`];
  }

  return {
    event: (event) => {
      for (const line of lines(event)) options.write(`${line}\n`);
    },
    end: () => undefined,
  };
}
