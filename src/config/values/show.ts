import type { ValueType } from "./value-type.ts";

/** A value as people read it, one line per item; nothing for what is not set. */
export function showValue(type: ValueType, value: unknown): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.map((item) => showItem(type, item));
  if (type.collection) return Object.entries(value as object).map(([key, item]) => `${key}=${String(item)}`);
  return [showItem(type, value)];
}

function showItem(type: ValueType, item: unknown): string {
  if (type.show !== undefined) return type.show(item);
  return typeof item === "boolean" ? (item ? "yes" : "no") : String(item);
}
