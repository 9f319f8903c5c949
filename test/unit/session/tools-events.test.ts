import { expect, it } from "vitest";
import type { Event } from "../../../sandbox/protocol.ts";
import { ToolsEvents } from "../../../src/session/tools-events.ts";

it("makes a step of each title", () => {
  const events: Event[] = [];
  let clock = 0;
  const tools = new ToolsEvents(
    (event) => void events.push(event),
    () => clock,
  );
  tools.show({ title: "Fetching", current: 1, total: 4, unit: "bytes" });
  tools.show({ title: "Fetching", current: 4, total: 4, unit: "bytes" });
  clock = 2000;
  tools.show({ title: "A new lock was made", notice: true });
  tools.show({ title: "Storing" });
  clock = 3500;
  tools.end("failed");
  tools.end("done");
  expect(events).toEqual([
    { type: "step", id: "tools-1", image: "tools", title: "Fetching" },
    { type: "progress", id: "tools-1", current: 1, total: 4, unit: "bytes" },
    { type: "progress", id: "tools-1", current: 4, total: 4, unit: "bytes" },
    { type: "notice", level: "info", message: "A new lock was made" },
    { type: "step-end", id: "tools-1", result: "done", seconds: 2 },
    { type: "step", id: "tools-2", image: "tools", title: "Storing" },
    { type: "step-end", id: "tools-2", result: "failed", seconds: 1.5 },
  ]);
});
