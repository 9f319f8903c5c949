import { constants } from "node:fs";
import { access, readFile, stat } from "node:fs/promises";
import { arch, userInfo } from "node:os";
import { join } from "node:path";

/** What the probes and the doctor ask of this machine; tests put their own answers in its place. */
export interface Host {
  platform: NodeJS.Platform;
  environment: Record<string, string | undefined>;
  uid: number;
  user: string;
  /** Undefined where there is no such file, or it may not be read. */
  read(path: string): Promise<string | undefined>;
  /** Whether something may be opened for reading and writing: true, or why not (`ENOENT`, `EACCES`). */
  usable(path: string): Promise<true | string>;
  /** Full path of a command on PATH. */
  command(name: string): Promise<string | undefined>;
}

/** This machine. `environment` and `platform` are those of the process, unless a test says otherwise. */
export function thisHost(environment: Record<string, string | undefined>, platform: NodeJS.Platform): Host {
  const { uid, username } = userInfo();
  return {
    platform,
    environment,
    uid,
    user: username,
    read: (path) => readFile(path, "utf8").catch(missing),
    usable: (path) => access(path, constants.R_OK | constants.W_OK).then(() => true as const, errorCode),
    command: (name) => findCommand(name, environment.PATH ?? ""),
  };
}

/** Of this machine, as in mkosi: `x86-64`. */
export function hostArchitecture(): string {
  const names: Record<string, string> = { x64: "x86-64", ia32: "x86", ppc64: "ppc64-le" };
  return names[arch()] ?? arch();
}

async function findCommand(name: string, path: string): Promise<string | undefined> {
  // Where distributions keep newuidmap and runc, also for users whose PATH lacks it.
  for (const folder of [...path.split(":"), "/usr/sbin", "/sbin"].filter((entry) => entry.startsWith("/"))) {
    const file = join(folder, name);
    const found = await stat(file).catch(missing);
    if (found?.isFile() && (found.mode & 0o111) !== 0) return file;
  }
  return undefined;
}

function missing(error: unknown): undefined {
  if (["ENOENT", "EACCES", "ENOTDIR", "ENXIO"].includes(errorCode(error))) return undefined;
  throw error;
}

function errorCode(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === undefined) throw error;
  return code;
}
