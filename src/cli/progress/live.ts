import type { Event } from "../../../sandbox/protocol.ts";
import { amount, bar, duration, explanation, outputLine } from "./format.ts";
import type { Renderer, RendererOptions } from "./renderer.ts";

const frameInterval = 100;
const barWidth = 24;
/** More running steps than this are counted, not shown. */
const shownSteps = 8;

interface Running {
  name: string;
  start: number;
  progress?: Extract<Event, { type: "progress" }>;
}

/**
 * The view for a terminal: what is done scrolls by, what runs is redrawn below it. Each frame is one write that
 * overwrites the old lines in place, so that nothing flickers.
 */
export function liveRenderer(options: RendererOptions): Renderer {
  const running = new Map<string, Running>();
  const paint = painter(options.color);
  let drawn = 0;
  let ended = false;
  const timer = setInterval(draw, frameInterval, []);
  timer.unref();

  function draw(above: string[]): void {
    if (ended) return;
    const lines = [...above, ...runningLines(running, options)];
    if (lines.length === 0 && drawn === 0) return;
    const up = drawn > 0 ? `\x1b[${drawn}A` : "";
    // Erase to the end of each line, then everything below: older frames may have been longer.
    options.write(`\r${up}${lines.map((line) => `${line}\x1b[K\n`).join("")}\x1b[J`);
    drawn = lines.length - above.length;
  }

  /** Keeps track of what runs; gives back the lines that stay, undefined where the next frame is soon enough. */
  function follow(event: Event): string[] | undefined {
    switch (event.type) {
      case "step":
        running.set(event.id, { name: `${event.image}: ${event.title}`, start: options.now() });
        return [];
      case "step-end": {
        const name = running.get(event.id)?.name ?? event.id;
        running.delete(event.id);
        return [endLine(event, name, paint)];
      }
      case "progress": {
        const step = running.get(event.id);
        if (step !== undefined) step.progress = event;
        return undefined;
      }
      case "notice":
        return [event.level === "warning" ? `${paint("yellow", "warning:")} ${event.message}` : event.message];
      case "layer":
        return options.explain ? explanation(event) : undefined;
      case "output":
        return [`${paint("green", "✓")} ${event.image}: wrote ${outputLine(event)}`];
      case "log":
        return options.debug ? [event.line] : undefined;
      case "hello":
      case "configured":
      case "debug-shell":
      case "difference":
      case "error":
        return undefined;
    }
  }

  return {
    event: (event) => {
      const above = follow(event);
      if (above !== undefined) draw(above);
    },
    end: () => {
      clearInterval(timer);
      running.clear();
      draw([]);
      ended = true;
    },
  };
}

function runningLines(running: Map<string, Running>, options: RendererOptions): string[] {
  const steps = [...running.values()];
  const lines = steps.slice(0, shownSteps).map((step) => cut(runningLine(step, options.now()), options.columns()));
  return steps.length > shownSteps ? [...lines, `  and ${steps.length - shownSteps} more`] : lines;
}

function runningLine(step: Running, now: number): string {
  const { progress } = step;
  const much = progress === undefined ? "" : ` ${bar(progress.current, progress.total, barWidth)} ${amount(progress)}`;
  return `• ${step.name} ${duration((now - step.start) / 1000)}${much}`;
}

function endLine(event: Extract<Event, { type: "step-end" }>, name: string, paint: Paint): string {
  if (event.result === "failed") return `${paint("red", "✗")} ${name} ${duration(event.seconds)}`;
  const time = event.result === "cached" ? "cached" : duration(event.seconds);
  return `${paint("green", "✓")} ${name} ${paint("dim", time)}`;
}

/** A line that wraps would be two to move up, and the redraw would creep. */
function cut(line: string, columns: number): string {
  const cells = [...line];
  return cells.length <= columns - 1 ? line : `${cells.slice(0, Math.max(0, columns - 2)).join("")}…`;
}

/** SGR parameters of ECMA-48, section 8.3.117. */
const colors = { red: 31, green: 32, yellow: 33, dim: 2 };

type Paint = (color: keyof typeof colors, text: string) => string;

function painter(on: boolean): Paint {
  return on ? (color, text) => `\x1b[${colors[color]}m${text}\x1b[0m` : (_, text) => text;
}
