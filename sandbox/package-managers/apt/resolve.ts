import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../../context.ts";
import { BuildError, ToolError } from "../../errors.ts";
import { publishJson, readJson } from "../../store.ts";
import { sha256, valueHash } from "../../tree/hash.ts";
import type { Metadata, Package } from "../package-manager.ts";
import { aptConfiguration } from "./options.ts";
import { apt } from "./tool.ts";

/** Essential packages, and base-files, which everything builds on. */
export async function resolveBase(context: Context, metadata: Metadata): Promise<Package[]> {
  return solve(context, metadata, undefined, [
    `?essential ?architecture(${context.image.packageArchitecture})`,
    "base-files",
  ]);
}

export async function resolve(context: Context, metadata: Metadata, root: string, names: string[]): Promise<Package[]> {
  return names.length > 0 ? solve(context, metadata, root, names) : [];
}

/** What apt chooses depends on the index, the installed packages, its settings and the names: a known answer is not asked for again. */
async function solve(
  context: Context,
  metadata: Metadata,
  root: string | undefined,
  names: string[],
): Promise<Package[]> {
  const status = root ? await installed(context, root) : "";
  const settings = aptConfiguration(context);
  const { tools } = context.plan;
  const sandbox = context.sandbox?.key;
  const key = valueHash({ index: metadata.key, status: sha256(status), settings, names, tools, sandbox }).slice(0, 32);
  return context.share(`resolution ${key}`, async () => {
    const known = await readJson<Package[]>("resolutions", key);
    if (known) return known;
    const packages = await ask(context, metadata, root, names);
    await publishJson("resolutions", key, packages);
    return packages;
  });
}

/** dpkg's database of a tree. */
async function installed({ image }: Context, root: string): Promise<Buffer> {
  const file = join(root, "var/lib/dpkg/status");
  if (existsSync(file)) return readFile(file);
  const message = `${image.name}: packages are to be installed into a tree that has no package database`;
  throw new BuildError("no-package-database", message, {
    hint: "An image that others build on keeps it with CleanPackageMetadata=no; an extension needs BaseTrees= to install packages.",
  });
}

async function ask(context: Context, metadata: Metadata, root: string | undefined, names: string[]) {
  const folders = { index: metadata.path, ...(root ? { root, rootReadOnly: true } : {}) };
  try {
    const { stdout } = await apt(context, folders, ["apt-get", "install", "--print-uris", "-qq", "--", ...names], {
      stdout: "capture",
    });
    return stdout.split("\n").flatMap((line) => parseUri(line) ?? []);
  } catch (error) {
    throw explain(error, context);
  }
}

/** One line of `apt-get --print-uris`: `'URI' NAME_VERSION_ARCHITECTURE.deb SIZE SHA256:HASH`. */
export function parseUri(line: string): Package | undefined {
  const match = /^'(?<uri>[^']+)' (?<file>\S+) (?<size>\d+) SHA256:(?<sha256>[0-9a-f]{64})$/.exec(line.trim());
  if (!match?.groups) return undefined;
  const { uri = "", file = "", size = "", sha256: hash = "" } = match.groups;
  const [name = "", version = "", architecture = ""] = file.replace(/\.d?deb$/, "").split("_");
  const decoded = decodeURIComponent(version);
  return { name, version: decoded, architecture, uri, size: Number(size), sha256: hash };
}

function explain(error: unknown, { image }: Context): unknown {
  if (!(error instanceof ToolError)) return error;
  const details = { command: error.command, tail: error.tail };
  const where = `${image.distribution} ${image.release}`;
  for (const line of error.output) {
    const name =
      /Unable to locate package (\S+)/.exec(line)?.[1] ??
      /Package '?([^' ]+)'? has no installation candidate/.exec(line)?.[1] ??
      /Couldn't find any package by (?:glob|regex) '(.+)'/.exec(line)?.[1];
    if (name)
      return new BuildError("package-not-found", `no package is called '${name}' in ${where}`, {
        ...details,
        hint: "Look at Packages= for a misspelling, at Release=, and whether Repositories= has the component.",
      });
  }
  if (error.output.some((line) => /unmet dependencies|held broken packages|Conflicts:/.test(line)))
    return new BuildError("packages-conflict", `the packages cannot be installed together on ${where}`, {
      ...details,
      hint: "apt's own words above name the packages that exclude each other.",
    });
  return error;
}
