import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { distributions } from "../distributions/index.ts";
import { readOsRelease } from "../distributions/os-release.ts";
import type { Surroundings } from "./settings/setting.ts";
import type { Files } from "./values/value-type.ts";
import { configError } from "./values/value-type.ts";

/** The file system of this machine. */
export const machineFiles: Files = {
  exists: existsSync,
  isDirectory: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true,
  resolve: (path) => (existsSync(path) ? realpathSync(path) : path),
  mode: (path) => statSync(path).mode & 0o7777,
  read: readText,
  list: (path) => (existsSync(path) ? readdirSync(path).sort() : []),
};

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw configError("file-unreadable", `${path}: cannot be read: ${(error as Error).message}`);
  }
}

/** Distribution and release from os-release(5); the environment may say otherwise, as for the reference. */
export function detectHost(
  environment: Readonly<Record<string, string | undefined>>,
  files: Files = machineFiles,
): Surroundings["host"] {
  const { MKOSI_HOST_DISTRIBUTION: distribution, MKOSI_HOST_RELEASE: release } = environment;
  if (distribution !== undefined && distribution !== "") return { distribution, release, architecture: undefined };
  const path = ["/etc/os-release", "/usr/lib/os-release"].find((candidate) => files.exists(candidate));
  const fields = path === undefined ? {} : readOsRelease(files.read(path));
  const ids = [fields.ID, ...(fields.ID_LIKE ?? "").split(/\s+/)].filter((id) => id !== undefined && id !== "");
  return {
    distribution: ids.find((id) => id !== undefined && Object.hasOwn(distributions, id)) ?? fields.ID,
    release: fields.VERSION_CODENAME ?? fields.VERSION_ID,
    architecture: undefined,
  };
}
