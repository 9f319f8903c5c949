import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { byCodeUnit } from "../tree/walk.ts";

/** One partition, as repart.d(5) defines it. */
export interface Definition {
  /** File name: `10-root.conf`. */
  name: string;
  /** The file, and behind it its drop-ins, which have the same effect there. */
  text: string;
  settings: Setting[];
}

export interface Setting {
  key: string;
  value: string;
}

/**
 * The definitions of several folders, by file name. Of files with the same name the first folder's counts. One that is
 * empty, or a link to /dev/null, is none.
 */
export function readDefinitions(folders: readonly string[]): Definition[] {
  return configurationFiles(folders).map(({ name, file }) => {
    const dropIns = configurationFiles(folders.map((folder) => join(folder, `${name}.d`)));
    const texts = [file, ...dropIns.map((each) => each.file)].map((path) => readFileSync(path, "utf8"));
    const text = texts.map((each) => (each.endsWith("\n") ? each : `${each}\n`)).join("");
    return { name, text, settings: parseSettings(text) };
  });
}

function configurationFiles(folders: readonly string[]): { name: string; file: string }[] {
  const files = new Map<string, string>();
  for (const folder of folders)
    for (const name of isFolder(folder) ? readdirSync(folder) : [])
      if (name.endsWith(".conf") && !files.has(name)) files.set(name, join(folder, name));
  const sorted = [...files].sort(([a], [b]) => byCodeUnit(a, b));
  return sorted.map(([name, file]) => ({ name, file })).filter(({ file }) => !isMasked(file));
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isMasked(file: string): boolean {
  const stats = lstatSync(file);
  return stats.isSymbolicLink() ? readlinkSync(file) === "/dev/null" : stats.size === 0;
}

/** The assignments of all [Partition] sections, in order (systemd.syntax(7)). */
export function parseSettings(text: string): Setting[] {
  const settings: Setting[] = [];
  let inside = false;
  for (const line of logicalLines(text)) {
    if (line.startsWith("[")) inside = line === "[Partition]";
    const at = line.indexOf("=");
    if (inside && at > 0) settings.push({ key: line.slice(0, at).trim(), value: line.slice(at + 1).trim() });
  }
  return settings;
}

/** Lines without comments; a backslash at the end joins the next one. */
function logicalLines(text: string): string[] {
  const plain = text.split("\n").filter((line) => !/^\s*[#;]/.test(line));
  return plain
    .join("\n")
    .replace(/\\\n/g, " ")
    .split("\n")
    .map((line) => line.trim());
}

/** The last value of a setting; undefined where it is not set, or set to nothing. */
export function lastValue({ settings }: Definition, key: string): string | undefined {
  return settings.findLast((setting) => setting.key === key)?.value || undefined;
}

/** Whether a setting that can be turned off, such as Encrypt=, is set to anything else. */
export function isOn(definition: Definition, key: string): boolean {
  return !["off", "no", "n", "false", "f", "0", undefined].includes(lastValue(definition, key)?.toLowerCase());
}

/** All values of a setting; an empty one forgets those before it. */
export function allValues({ settings }: Definition, key: string): string[] {
  const values = settings.filter((setting) => setting.key === key).map(({ value }) => value);
  return values.slice(values.lastIndexOf("") + 1);
}

/** As `allValues`, each of them a list of words. */
export function allWords(definition: Definition, key: string): string[] {
  return allValues(definition, key).flatMap((value) => value.split(/\s+/));
}

/**
 * The definition without the settings that `drop` tells, and with others at its end. Lines keep their numbers, which
 * messages name.
 */
export function rewrite({ text }: Definition, drop: (key: string) => boolean, more: Record<string, string>): string {
  let dropping = false;
  let continued = false;
  const lines = text.split("\n").map((line) => {
    if (!continued) dropping = !/^\s*([#;[]|$)/.test(line) && drop(line.split("=", 1)[0]?.trim() ?? "");
    continued = line.endsWith("\\") && !/^\s*[#;]/.test(line);
    return dropping ? "" : line;
  });
  const added = Object.entries(more).map(([key, value]) => `${key}=${value}\n`);
  return added.length === 0 ? lines.join("\n") : `${lines.join("\n")}\n[Partition]\n${added.join("")}`;
}
