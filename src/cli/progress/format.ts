import type { Event } from "../../../sandbox/protocol.ts";

/** `4.2 s`, `3 min 07 s`. */
export function duration(seconds: number): string {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
}

const units = ["B", "KiB", "MiB", "GiB", "TiB"];

/** `312 B`, `4.0 KiB`, `1.2 GiB`. */
export function byteSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  for (; value >= 1023.5 && unit < units.length - 1; unit++) value /= 1024;
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `12.0 MiB of 40.0 MiB`, `3 of 120`. */
export function amount(progress: Extract<Event, { type: "progress" }>): string {
  const show = progress.unit === "bytes" ? byteSize : String;
  return progress.total > 0 ? `${show(progress.current)} of ${show(progress.total)}` : show(progress.current);
}

/** A bar of `width` cells; empty where the total is not known. */
export function bar(current: number, total: number, width: number): string {
  const share = total > 0 ? Math.min(1, Math.max(0, current / total)) : 0;
  const full = Math.round(share * width);
  return `${"█".repeat(full)}${"░".repeat(width - full)}`;
}

/** Why a layer was built, a line for each reason. */
export function explanation(layer: Extract<Event, { type: "layer" }>): string[] {
  const name = `${layer.image}: layer ${layer.layer}`;
  if (layer.cached) return [`${name} reused (${layer.key.slice(0, 12)})`];
  if (layer.changed.length === 0) return [`${name} built for the first time (${layer.key.slice(0, 12)})`];
  return [`${name} built again (${layer.key.slice(0, 12)}), for there changed:`, ...layer.changed.map((c) => `  ${c}`)];
}

export function outputLine(output: Extract<Event, { type: "output" }>): string {
  return `${output.file} (${byteSize(output.size)})`;
}

/** `done in 4.2 s`, `failed after 4.2 s`, `cached`. */
export function result(event: Extract<Event, { type: "step-end" }>): string {
  if (event.result === "cached") return "cached";
  return event.result === "done" ? `done in ${duration(event.seconds)}` : `failed after ${duration(event.seconds)}`;
}
