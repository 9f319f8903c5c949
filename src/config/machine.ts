import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Distribution } from "../distributions/distribution.ts";
import { distributions } from "../distributions/index.ts";
import { readOsRelease } from "../distributions/os-release.ts";
import { CommandError } from "../process/command-error.ts";
import { runSync } from "../process/run-sync.ts";
import type { Host } from "./settings/setting.ts";
import { configError, type Files } from "./values/value-type.ts";

/** Bytes. No configuration that a person wrote comes near it. */
const largestFile = 64 * 1024 * 1024;
/** Milliseconds that a file such as an executable mkosi.version may take. */
const valueTimeout = 60_000;

/** The file system of this machine. */
export const machineFiles: Files = {
  exists: existsSync,
  isDirectory,
  resolve: (path) => (existsSync(path) ? realpathSync(path) : path),
  mode: (path) => readable(path, () => statSync(path)).mode & 0o7777,
  read: readText,
  run: runFile,
  list: (path) => (isDirectory(path) ? readable(path, () => readdirSync(path)).sort(byCodePoint) : []),
  identity: (path) => {
    const { dev, ino } = readable(path, () => statSync(path));
    return `${dev}:${ino}`;
  },
};

/** What is not to be seen, such as the end of links that lead in a circle, is no folder, as it does not exist. */
function isDirectory(path: string): boolean {
  return existsSync(path) && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Throws UserError `file-unreadable` where `look` fails. */
function readable<T>(path: string, look: () => T): T {
  try {
    return look();
  } catch (error) {
    throw configError("file-unreadable", `${path}: cannot be read: ${(error as Error).message}`);
  }
}

function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function readText(path: string): string {
  const content = readBytes(path);
  if (content.includes(0)) throw configError("not-text", `${path}: is not a text file: it has NUL bytes`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    throw configError("not-text", `${path}: is not a text file in UTF-8`);
  }
}

function readBytes(path: string): Buffer {
  return readable(path, () => {
    const stats = statSync(path);
    // A pipe or a device may never end.
    if (!stats.isFile()) throw new Error(stats.isDirectory() ? "it is a folder" : "it is no regular file");
    if (stats.size > largestFile) throw new Error(`it has ${stats.size} bytes, of which ${largestFile} are allowed`);
    return readFileSync(path);
  });
}

function runFile(path: string, directory: string): string {
  try {
    return runSync(path, [], { directory, environment: process.env, timeout: valueTimeout });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw configError(
      "value-script-failed",
      `${path}: was run for the value that it prints, and failed: ${error.message}`,
    );
  }
}

/** Distribution and release from os-release(5); the environment may say otherwise, as for the reference. */
export function detectHost(
  environment: Readonly<Record<string, string | undefined>>,
  files: Files = machineFiles,
): Host {
  const { MKOSI_HOST_DISTRIBUTION: distribution, MKOSI_HOST_RELEASE: release } = environment;
  if (distribution !== undefined && isDistribution(distribution))
    return { distribution, release: release || undefined };
  const fields = osRelease("/", files);
  const detected = distributionIn(fields);
  return { distribution: detected, release: releaseIn(fields, detected) };
}

/** The distribution of the tree at `root`, or the identifier that it gives itself. */
export function distributionAt(root: string, files: Files): string | undefined {
  return distributionIn(osRelease(root, files));
}

type Fields = Partial<Record<string, string>>;

function osRelease(root: string, files: Files): Fields {
  const path = ["etc/os-release", "usr/lib/os-release"].map((name) => join(root, name)).find(files.exists);
  return path === undefined ? {} : readOsRelease(files.read(path));
}

/** Where a distribution calls itself by another name than the reference does. */
const otherIds: Readonly<Record<string, string>> = { azurelinux: "azure" };

function distributionIn({ ID, ID_LIKE = "" }: Fields): string | undefined {
  const ids = [ID ?? "", ...ID_LIKE.split(/\s+/)].map((id) => otherIds[id] ?? id);
  return ids.find(isDistribution) ?? ID;
}

function releaseIn({ ID, VERSION_ID, VERSION_CODENAME }: Fields, distribution: string | undefined): string | undefined {
  if (distribution === undefined || !isDistribution(distribution)) return VERSION_ID;
  if (ID === "opensuse-tumbleweed") return "tumbleweed";
  const { defaultRelease, packageManager }: Distribution = distributions[distribution];
  return (packageManager === "apt" ? VERSION_CODENAME : undefined) ?? VERSION_ID ?? (defaultRelease || undefined);
}

function isDistribution(id: string): id is keyof typeof distributions {
  return Object.hasOwn(distributions, id);
}
