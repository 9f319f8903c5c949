import type { Place } from "../protocol.ts";
import type { Blob } from "./blob.ts";
import type { Comparer, Container } from "./comparer.ts";

/** A larger one is compared as bytes. */
const MOST_BYTES = 16 << 20;

export const json: Container = {
  place: { kind: "file", name: "JSON" },
  detects: (blob) => parseJson(blob) !== undefined,
  compare: async ({ a, b }, place, comparer) => {
    compareValues(parseJson(a), parseJson(b), place.slice(0, -1), comparer);
  },
  locate: () => "layout of the JSON",
};

/** The value of an object or an array; undefined for anything else. */
export function parseJson(blob: Blob): unknown {
  if (blob.size > MOST_BYTES || !/^\s*[[{]/.test(blob.read(0, 64).toString("latin1"))) return undefined;
  try {
    return JSON.parse(blob.read(0, blob.size).toString("utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Reports every value that differs, under its path: `config.Env[0]`. */
export function compareValues(a: unknown, b: unknown, place: Place[], comparer: Comparer, path = ""): void {
  if (isObject(a) && isObject(b)) {
    const isList = Array.isArray(a) && Array.isArray(b);
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const inner = isList ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
      compareValues(a[key], b[key], place, comparer, inner);
    }
    return;
  }
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  if (left === right) return;
  const values = { ...(left === undefined ? {} : { a: cut(left) }), ...(right === undefined ? {} : { b: cut(right) }) };
  comparer.report(place, { kind: "attribute", what: path || "value", ...values });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
