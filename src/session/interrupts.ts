import { interrupted } from "./failure.ts";

/** The two wishes of the user to stop: the first lets the worker clean up, the second does not wait for it. */
export interface Interrupts {
  readonly cancel: AbortSignal;
  readonly kill: AbortSignal;
}

/** Calls `action` when the signal is aborted, at once where it is already. The result takes it off again. */
export function whenAborted(signal: AbortSignal, action: () => void): () => void {
  if (signal.aborted) action();
  else signal.addEventListener("abort", action, { once: true });
  return () => signal.removeEventListener("abort", action);
}

/** The promise's value, or UserError `interrupted` as soon as the user wants to stop. What was begun is not stopped. */
export async function interruptible<T>(interrupts: Interrupts, work: Promise<T>): Promise<T> {
  let off: (() => void) | undefined;
  const stop = new Promise<never>((_, reject) => {
    off = whenAborted(interrupts.cancel, () => reject(interrupted()));
  });
  return Promise.race([work, stop]).finally(() => off?.());
}
