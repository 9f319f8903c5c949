import { constants } from "node:fs";
import { access, open, readFile, stat, statfs } from "node:fs/promises";
import { userInfo } from "node:os";
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
  /** Whether a device opens for reading and writing, which its permissions alone do not tell. */
  opens(path: string): Promise<true | string>;
  /** Free bytes for this user in the file system of a folder; undefined where that cannot be asked. */
  freeSpace(path: string): Promise<number | undefined>;
  /** Full path of a command on PATH. */
  command(name: string): Promise<string | undefined>;
}

/** This machine. `environment` and `platform` are those of the process, unless a test says otherwise. */
export function thisHost(environment: Record<string, string | undefined>, platform: NodeJS.Platform): Host {
  return {
    platform,
    environment,
    ...thisUser(),
    read: (path) => readFile(path, "utf8").catch(missing),
    usable: (path) => access(path, constants.R_OK | constants.W_OK).then(() => true as const, errorCode),
    opens: (path) => openDevice(path).catch(errorCode),
    freeSpace: (path) => statfs(path).then(({ bavail, bsize }) => bavail * bsize, missing),
    command: (name) => findCommand(name, environment.PATH ?? ""),
  };
}

/** A number for a name where the process runs as an id that has none, as in some containers. */
function thisUser(): { uid: number; user: string } {
  const uid = process.getuid?.() ?? -1;
  try {
    return { uid, user: userInfo().username };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_SYSTEM_ERROR") return { uid, user: String(uid) };
    throw error;
  }
}

async function openDevice(path: string): Promise<true> {
  const device = await open(path, constants.O_RDWR);
  await device.close();
  return true;
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
