import { existsSync, lstatSync, readdirSync, readlinkSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, normalize } from "node:path";
import type { Context } from "../context.ts";
import { BUILDROOT } from "../run.ts";
import { byCodeUnit } from "../tree/walk.ts";
import { globExpression } from "./modules.ts";

const FIRMWARE = "usr/lib/firmware";
/** How many modules one modinfo is given: command lines are limited to about 2 MiB. */
const BATCH = 4000;

/** Paths below the root of the firmware that the modules, and those built into the kernel, ask for, as far as it is installed; with every link on the way. */
export async function firmwareOfModules(
  context: Context,
  root: string,
  version: string,
  modules: readonly string[],
): Promise<string[]> {
  const installed = listFirmware(root);
  if (installed.length === 0) return [];
  const names = [...(await builtinFirmware(root, version)), ...(await moduleFirmware(context, root, version, modules))];
  return [...new Set(matchFirmware(installed, names).flatMap((path) => withLinks(root, `${FIRMWARE}/${path}`)))];
}

/** Installed files that a module's firmware name means: itself, or itself compressed. Names may be shell patterns. */
export function matchFirmware(installed: readonly string[], names: readonly string[]): string[] {
  const present = new Set(installed);
  const found = new Set<string>();
  for (const name of new Set(names)) {
    const variants = ["", ".xz", ".zst", ".gz"].map((suffix) => `${name}${suffix}`);
    for (const variant of variants) if (present.has(variant)) found.add(variant);
    if (!/[*?[]/.test(name)) continue;
    const expression = globExpression(name.endsWith("*") ? name : `${name}*`);
    for (const path of installed) if (expression.test(path)) found.add(path);
  }
  return [...found].sort(byCodeUnit);
}

function listFirmware(root: string): string[] {
  const folder = join(root, FIRMWARE);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

async function moduleFirmware(
  context: Context,
  root: string,
  version: string,
  modules: readonly string[],
): Promise<string[]> {
  const names: string[] = [];
  for (let at = 0; at < modules.length; at += BATCH) {
    const files = modules.slice(at, at + BATCH).map((path) => `${BUILDROOT}/usr/lib/modules/${version}/${path}`);
    const { stdout } = await context.run(["modinfo", "-F", "firmware", ...files], {
      root,
      rootReadOnly: true,
      stdout: "capture",
    });
    names.push(...stdout.split("\n").filter((line) => line !== ""));
  }
  return names;
}

/** modules.builtin.modinfo: `NAME.firmware=PATH`, each ended by a zero byte. */
async function builtinFirmware(root: string, version: string): Promise<string[]> {
  const file = join(root, "usr/lib/modules", version, "modules.builtin.modinfo");
  if (!existsSync(file)) return [];
  const entries = (await readFile(file, "latin1")).split("\0");
  return entries.flatMap((entry) => /^[^.=]+\.firmware=(.*)$/.exec(entry)?.[1] ?? []);
}

/** A path, and every link that leads from it to its file: /usr/lib/firmware has linked files and linked folders. */
export function withLinks(root: string, path: string): string[] {
  const found: string[] = [];
  const todo = path.split("/").reverse();
  let current = "";
  for (let part = todo.pop(), hops = 0; part !== undefined && hops < 40; part = todo.pop()) {
    const next = normalize(current === "" ? part : `${current}/${part}`);
    const stats = lstatSync(join(root, next), { throwIfNoEntry: false });
    if (!stats || next.startsWith("..")) return found;
    if (!stats.isSymbolicLink()) {
      current = next === "." ? "" : next;
      continue;
    }
    hops++;
    found.push(next);
    const target = readlinkSync(join(root, next));
    if (target.startsWith("/")) current = "";
    todo.push(...target.split("/").filter(Boolean).reverse());
  }
  return [...found, current];
}
