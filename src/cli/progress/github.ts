import type { Event } from "../../../sandbox/protocol.ts";
import { explanation, outputLine, result } from "./format.ts";
import type { Renderer, RendererOptions } from "./renderer.ts";

/**
 * Workflow commands of GitHub Actions: each step is a group that folds, with its tools' output inside.
 * Groups do not nest there; of steps that overlap, the later one ends the group of the earlier one.
 */
export function githubRenderer(options: RendererOptions): Renderer {
  const titles = new Map<string, string>();
  let open = false;

  function close(): string[] {
    const lines = open ? ["::endgroup::"] : [];
    open = false;
    return lines;
  }

  function lines(event: Event): string[] {
    switch (event.type) {
      case "step": {
        const before = close();
        titles.set(event.id, `${event.image}: ${event.title}`);
        open = true;
        return [...before, `::group::${data(`${event.image}: ${event.title}`)}`];
      }
      case "step-end":
        return [...close(), harmless(`${titles.get(event.id) ?? event.id}: ${result(event)}`)];
      case "log":
        return [harmless(event.line)];
      case "notice":
        return [event.level === "warning" ? `::warning::${data(event.message)}` : harmless(event.message)];
      case "layer":
        return options.explain ? explanation(event).map(harmless) : [];
      case "output":
        return [harmless(`${event.image}: wrote ${outputLine(event)}`)];
      case "hello":
      case "configured":
      case "debug-shell":
      case "difference":
      case "progress":
      case "error":
        return [];
    }
  }

  function write(texts: string[]): void {
    for (const text of texts) options.write(`${text}\n`);
  }

  return { event: (event) => write(lines(event)), end: () => write(close()) };
}

/** Escapes the message of a workflow command, as actions/toolkit does (`packages/core/src/command.ts`). */
export function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** A line of a tool that looks like a workflow command must not become one. */
function harmless(text: string): string {
  return text.replace(/^(\s*)(::|##\[)/, "$1\u200b$2");
}
