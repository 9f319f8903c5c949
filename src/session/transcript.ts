import type { Event } from "../../sandbox/protocol.ts";

/** The line of the log file that tells of an event; undefined where the log is better without. */
export function transcriptLine(event: Event): string | undefined {
  switch (event.type) {
    case "log":
      return event.line;
    case "hello":
      return `--- worker, protocol ${event.version}`;
    case "step":
      return `--- ${event.id}: ${event.image}: ${event.title}`;
    case "step-end":
      return `--- ${event.id}: ${event.result} after ${event.seconds.toFixed(2)} s`;
    case "progress":
      return undefined;
    case "notice":
      return `--- ${event.level}: ${event.message}`;
    case "layer":
      return `--- layer ${event.image}/${event.layer} ${event.key}: ${event.cached ? "reused" : "built"}${event.changed
        .map((input) => `\n---   changed: ${input}`)
        .join("")}`;
    case "output":
      return `--- output ${event.file}, ${event.size} bytes${event.sha256 === undefined ? "" : `, sha256 ${event.sha256}`}`;
    case "difference":
      return `--- differs: ${[...event.place.map(({ name }) => name), event.what].join(" > ")}`;
    case "debug-shell":
      return "--- a script has failed: a shell is opened where it ran";
    case "configured":
      // Without the values, of which some are secret.
      return `--- ${event.file} configured ${event.image}: ${Object.keys(event.settings).length} settings`;
    case "error":
      return [
        `--- error ${event.code}: ${event.message}`,
        ...(event.command === undefined ? [] : [`---   command: ${event.command}`]),
        ...(event.stack === undefined ? [] : [event.stack]),
      ].join("\n");
  }
}
