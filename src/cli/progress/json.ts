import type { Renderer } from "./renderer.ts";

/** Every event as it is, a JSON line each. */
export function jsonRenderer(write: (text: string) => void): Renderer {
  return {
    event: (event) => write(`${JSON.stringify(event)}\n`),
    end: () => undefined,
  };
}
