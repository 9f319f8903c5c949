import { type Dirent, existsSync, lstatSync, readdirSync, readlinkSync, statSync } from "node:fs";
import { join, normalize } from "node:path";
import type { Context } from "../context.ts";
import type { ImagePlan } from "../protocol.ts";
import { BUILDROOT } from "../run.ts";
import { byCodeUnit } from "../tree/walk.ts";
import { builtinFields } from "./modules.ts";
import { globExpression, lastMatch, splitPatterns } from "./patterns.ts";
import { readOptional } from "./texts.ts";

const MODULES = "usr/lib/modules";
const FIRMWARE = "usr/lib/firmware";
/** How many modules one modinfo is given: command lines are limited to about 2 MiB. */
const BATCH = 4000;

/**
 * Paths below the root of the firmware that the modules, and those built into the kernel, ask for, as far as it is
 * installed, less and more what the patterns say; with every link on the way.
 */
export async function firmwareOfModules(
  context: Context,
  root: string,
  version: string,
  modules: readonly string[],
): Promise<string[]> {
  const installed = listFirmware(root);
  if (installed.length === 0) return [];
  const builtin = builtinFields(
    await readOptional(join(root, MODULES, version, "modules.builtin.modinfo")),
    "firmware",
  );
  const asked = matchFirmware(installed, [...builtin, ...(await moduleFirmware(context, root, version, modules))]);
  const chosen = chooseFirmware(installed, asked, context.image.firmware);
  return [...new Set(chosen.flatMap((path) => withLinks(root, `${FIRMWARE}/${path}`)))];
}

/**
 * What of the installed firmware stays, of that which modules ask for: `-` globs of `include` and the expressions of
 * `exclude` take out of it; what `include` names comes in whether or not a module asks for it. The suffix of a
 * compression is no part of a name that a glob means.
 */
export function chooseFirmware(
  installed: readonly string[],
  asked: readonly string[],
  { include, exclude }: ImagePlan["firmware"],
): string[] {
  const { globs, expressions } = splitPatterns(include);
  const unwanted = splitPatterns(exclude).expressions;
  const verdict = lastMatch(globs);
  const plain = (path: string) => path.replace(/\.(gz|xz|zst)$/, "");
  const finds = (list: readonly RegExp[], path: string) => list.some((expression) => expression.test(path));
  const kept = asked.filter((path) => !finds(unwanted, path) && verdict(plain(path)) !== false);
  const added = installed.filter((path) => finds(expressions, path) || verdict(plain(path)) === true);
  return [...new Set([...kept, ...added])].sort(byCodeUnit);
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

/** Files and links below the folder of firmware; what a linked folder has is there under the link's name too. */
export function listFirmware(root: string, below = "", depth = 0): string[] {
  const folder = join(root, FIRMWARE, below);
  if (!existsSync(folder) || depth > 8) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) return listFirmware(root, path, depth);
    return isLinkedFolder(join(folder, entry.name), entry) ? [path, ...listFirmware(root, path, depth + 1)] : [path];
  });
}

/** A link that says where its folder is from the top would lead out of the tree. */
function isLinkedFolder(path: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink() || readlinkSync(path).startsWith("/")) return false;
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
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
