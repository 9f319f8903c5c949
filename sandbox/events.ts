import { AsyncLocalStorage } from "node:async_hooks";
import type { Event } from "./protocol.ts";

/** Sends one event to the host. */
export type Emit = (event: Event) => void;

const current = new AsyncLocalStorage<string>();
let counter = 0;

/** The step that the calling code belongs to, for log lines and progress. */
export function currentStep(): string | undefined {
  return current.getStore();
}

/** Runs `work` as a step that the user sees, with its time and its result; what `work` logs belongs to it. */
export async function step<T>(emit: Emit, image: string, title: string, work: () => Promise<T>): Promise<T> {
  const id = `${++counter}`;
  const start = performance.now();
  const seconds = () => Math.round(performance.now() - start) / 1000;
  emit({ type: "step", id, image, title });
  try {
    const value = await current.run(id, work);
    emit({ type: "step-end", id, result: "done", seconds: seconds() });
    return value;
  } catch (error) {
    emit({ type: "step-end", id, result: "failed", seconds: seconds() });
    throw error;
  }
}
