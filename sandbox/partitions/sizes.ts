import { BuildError } from "../errors.ts";
import { type Definition, lastValue } from "./definitions.ts";

const UNITS = "BKMGTPE";

/** Bytes, as systemd reads a size: a number, and a unit that is a power of 1024. Undefined for what it would not read. */
export function sizeBytes(text: string): number | undefined {
  const [, number, unit = "B"] = /^\s*(\d+(?:\.\d+)?)\s*([BKMGTPE]?)\s*$/.exec(text) ?? [];
  return number === undefined ? undefined : Math.floor(Number(number) * 1024 ** UNITS.indexOf(unit || "B"));
}

/** `57.2 MiB` */
export function mebibytes(bytes: number): string {
  return `${(bytes / (1 << 20)).toFixed(1)} MiB`;
}

/**
 * Refuses a filesystem of so many bytes that is above the definition's largest size: systemd-repart gives what is copied
 * the room that it needs, whatever its definition says.
 */
export function requireFits(image: string, definition: Definition, bytes: number): void {
  const largest = lastValue(definition, "SizeMaxBytes");
  const limit = largest === undefined ? undefined : sizeBytes(largest);
  if (limit === undefined || bytes <= limit) return;
  const message = `${image}: ${definition.name}: the filesystem has ${mebibytes(bytes)}, and the partition has at most SizeMaxBytes=${largest}`;
  throw new BuildError("partitions-failed", message, { hint: "raise SizeMaxBytes=, or copy less (repart.d(5))" });
}
