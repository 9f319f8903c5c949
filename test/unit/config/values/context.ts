import { expect, test } from "vitest";
import * as z from "zod";
import { schemaOf } from "../../../../src/config/schemas.ts";
import { toJson } from "../../../../src/config/values/form.ts";
import type { Files, ValueContext, ValueType } from "../../../../src/config/values/value-type.ts";

/** Files by path with their text; folders are those that hold them. */
export interface Tree {
  [path: string]: string | { mode: number; text?: string };
}

/** A context at line 3 of the file `f`, in /conf. Warnings go to `warnings`. */
export function contextWith(tree: Tree = {}): ValueContext & { warnings: string[] } {
  const warnings: string[] = [];
  return {
    setting: "S",
    place: "f:3",
    directory: "/conf",
    environment: { HOME: "/home/u", A: "/a", NAME: "n" },
    files: filesOf(tree),
    warn: (code, message) => warnings.push(`${code}: ${message}`),
    warnings,
  };
}

function filesOf(tree: Tree): Files {
  const below = (path: string) => Object.keys(tree).filter((name) => name.startsWith(path === "/" ? "/" : `${path}/`));
  const isDirectory = (path: string) => below(path).length > 0;
  const entry = (path: string) => tree[path] ?? "";
  return {
    exists: (path) => Object.hasOwn(tree, path) || isDirectory(path),
    isDirectory,
    resolve: (path) => path.replace("/conf/link", "/target"),
    mode: (path) => {
      const found = entry(path);
      return typeof found === "string" ? 0o644 : found.mode;
    },
    read: (path) => {
      const found = entry(path);
      return typeof found === "string" ? found : (found.text ?? "");
    },
    run: () => {
      throw new Error("nothing is run for a value");
    },
    list: (path) => [...new Set(below(path).map((name) => name.slice(path.length + 1).split("/")[0] ?? ""))].sort(),
    identity: (path) => path,
  };
}

/** One test for each text: the value that is read, and that its JSON says the same. */
export function reads<T>(type: ValueType<T>, rows: [text: string, value: T | undefined][], tree?: Tree): void {
  test.each(rows)("reads %j", (text, value) => {
    const read = type.parse(text, undefined, contextWith(tree));
    expect(read).toEqual(value);
    if (value !== undefined) expect(z.decode(schemaOf(type.form), toJson(type.form, value))).toEqual(value);
  });
}

/** One test for each text that is added to an old value. */
export function adds<T>(type: ValueType<T>, rows: [old: T, text: string, value: T | undefined][], tree?: Tree): void {
  test.each(rows)("adds to %j: %j", (old, text, value) => {
    expect(type.parse(text, old, contextWith(tree))).toEqual(value);
  });
}

/** One test for each text that is refused with a message that starts with the place and the setting. */
export function refuses(type: ValueType, rows: [text: string, code: string, message: string][], tree?: Tree): void {
  test.each(rows)("refuses %j", (text, code, message) => {
    expect(() => type.parse(text, undefined, contextWith(tree))).toThrow(
      expect.objectContaining({ code, exitCode: 2, message: `f:3: ${message}` }),
    );
  });
}

/** One test for each condition of [Match]. */
export function matches<T>(type: ValueType<T>, rows: [condition: string, value: T, expected: boolean][]): void {
  test.each(rows)("matches %j against %j: %j", (condition, value, expected) => {
    expect(type.matches?.(condition, value, contextWith())).toBe(expected);
  });
}

/** One test for each value in the reference's JSON. */
export function writes<T>(type: ValueType<T>, rows: [value: T, json: unknown][]): void {
  test.each(rows)("writes %j", (value, json) => {
    expect(toJson(type.form, value)).toEqual(json);
    expect(z.decode(schemaOf(type.form), json)).toEqual(value);
  });
}
