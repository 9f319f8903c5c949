import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../errors.ts";
import { sha256 } from "./archive.ts";
import {
  debianFolder,
  type ListedPackage,
  type LockedArchitecture,
  type LockedPackage,
  listedFor,
  parsePackageList,
} from "./lock.ts";
import { packageRoot } from "./root.ts";

/** The files of the repository that a tools image is made from, without its lock. */
export interface Recipe {
  /** Text of tools-images/debian/packages. */
  list: string;
  /** Text of Containerfiles/debian.Containerfile. */
  containerfile: string;
  /** Texts of the scripts, by file name. */
  scripts: Record<(typeof SCRIPTS)[number], string>;
}

const SCRIPTS = ["bootstrap.sh", "base.sh", "slim.sh", "install.sh", "solve.sh"] as const;

export async function readRecipe(): Promise<Recipe> {
  const read = (path: string) => readFile(path, "utf8");
  const scripts = await Promise.all(SCRIPTS.map(async (name) => [name, await read(join(debianFolder(), name))]));
  return {
    list: await read(join(debianFolder(), "packages")),
    containerfile: await read(join(packageRoot(), "Containerfiles/debian.Containerfile")),
    scripts: Object.fromEntries(scripts),
  };
}

export function recipeList(recipe: Recipe): ListedPackage[] {
  return parsePackageList(recipe.list, "tools-images/debian/packages");
}

/** Identifies a tools image: changes whenever anything does that it is made from. 64 hexadecimal digits. */
export function toolsKey(recipe: Recipe, architecture: string, locked: LockedArchitecture): string {
  const { "install.sh": install } = recipe.scripts;
  const names = listedFor(recipeList(recipe), architecture);
  return hash("tools-debian", baseKey(recipe, locked), names, locked.packages, recipe.containerfile, install);
}

/** Identifies a base image. */
export function baseKey(recipe: Recipe, locked: LockedArchitecture): string {
  const { "bootstrap.sh": bootstrap, "base.sh": base, "slim.sh": slim } = recipe.scripts;
  return hash("base-debian", locked.stage0, basePackages(locked), bootstrap, base, slim);
}

export function basePackages(locked: LockedArchitecture): LockedPackage[] {
  const names = new Set(locked.base);
  return locked.packages.filter(({ name }) => names.has(name));
}

/** Throws UserError `lock-stale` where the list has a package that the lock lacks. */
export function checkLock(recipe: Recipe, architecture: string, locked: LockedArchitecture): void {
  const names = new Set(locked.packages.map(({ name }) => name));
  const missing = listedFor(recipeList(recipe), architecture).filter((name) => !names.has(name));
  if (missing.length === 0) return;
  throw new UserError(
    "lock-stale",
    `tools-images/debian/packages lists ${missing.join(", ")}, which lock.json lacks for ${architecture}`,
    { hint: "Run: caisson tools update" },
  );
}

function hash(...parts: unknown[]): string {
  return sha256(JSON.stringify(parts));
}
