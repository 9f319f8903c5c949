import type { Event } from "../../sandbox/protocol.ts";
import type { ToolsProgress } from "../tools/progress.ts";

/** Shows the making of a tools image as steps of an image called `tools`: a step for each title. */
export class ToolsEvents {
  readonly #onEvent: (event: Event) => void;
  readonly #now: () => number;
  #open: { id: string; title: string; start: number } | undefined;
  #steps = 0;

  constructor(onEvent: (event: Event) => void, now: () => number = () => performance.now()) {
    this.#onEvent = onEvent;
    this.#now = now;
  }

  show({ title, current, total, unit = "items", notice }: ToolsProgress): void {
    if (notice) {
      this.#onEvent({ type: "notice", level: "info", message: title });
      return;
    }
    const id = this.#enter(title);
    if (current !== undefined) this.#onEvent({ type: "progress", id, current, total: total ?? 0, unit });
  }

  /** No more comes: `result` is that of the step that is open. */
  end(result: "done" | "failed"): void {
    if (this.#open === undefined) return;
    const { id, start } = this.#open;
    this.#onEvent({ type: "step-end", id, result, seconds: (this.#now() - start) / 1000 });
    this.#open = undefined;
  }

  #enter(title: string): string {
    if (this.#open?.title !== title) {
      this.end("done");
      this.#open = { id: `tools-${++this.#steps}`, title, start: this.#now() };
      this.#onEvent({ type: "step", id: this.#open.id, image: "tools", title });
    }
    return this.#open.id;
  }
}
