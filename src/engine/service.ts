import { mkdtemp, readdir, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ExitCode } from "../../sandbox/exit-code.ts";
import { UserError } from "../errors.ts";
import { isAlive } from "../process/alive.ts";
import { type Service, serve } from "../process/spawn.ts";
import type { Host } from "./host.ts";

export interface PodmanService {
  address: string;
  /** Ids in the service's user namespace; undefined where it has none, or made it only now, in a second process. */
  ids: number | undefined;
  close(): Promise<void>;
}

/** Seconds without a request after which the service ends, should this process be killed. */
const IDLE = 10;
const START_TIMEOUT = 20_000;
const PREFIX = "caisson-podman-";

/**
 * Starts `podman system service` on a socket in a private folder. It ends with `close`, or by itself a few seconds after
 * this process has gone. `storage` are podman's options for another storage than its own. Throws UserError `engine-service` with podman's own words where it does not come up.
 */
export async function startPodmanService(host: Host, storage: readonly string[] = []): Promise<PodmanService> {
  const base = host.environment.XDG_RUNTIME_DIR ?? tmpdir();
  await sweep(base);
  const folder = await mkdtemp(join(base, `${PREFIX}${process.pid}-`));
  const socket = join(folder, "podman.sock");
  const log = join(folder, "log");
  const runtime = await servingRuntime(host);
  const args = [
    ...(runtime ? ["--runtime", runtime] : []),
    ...storage,
    "system",
    "service",
    `--time=${IDLE}`,
    `unix://${socket}`,
  ];
  const service = await serve("podman", args, { environment: host.environment, log });
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await answers(socket, service);
  } catch (error) {
    const said = (await host.read(log))?.trim();
    await service.stop();
    await remove();
    throw new UserError("engine-service", `podman's service did not start: ${said || messageOf(error)}`, {
      hint: "Run `podman info`: it shows what podman needs on this host.",
      exitCode: ExitCode.host,
      cause: error,
    });
  }
  const heartbeat = keepAlive(socket);
  return {
    address: `unix://${socket}`,
    ids: countIds(await host.read(`/proc/${service.pid}/uid_map`)),
    close: async () => {
      clearInterval(heartbeat);
      await service.stop();
      await remove();
    },
  };
}

/** crun, podman's usual choice, refuses a host that has both versions of cgroups mounted; runc does not. */
export async function servingRuntime(host: Host): Promise<string | undefined> {
  return (await isHybrid(host)) && (await host.command("runc")) ? "runc" : undefined;
}

/** Whether cgroup v1 and v2 are mounted side by side (systemd's "hybrid" layout). */
export async function isHybrid(host: Host): Promise<boolean> {
  return (await host.read("/sys/fs/cgroup/unified/cgroup.controllers")) !== undefined;
}

/** Sum of the ranges in a user namespace's map (user_namespaces(7)); undefined for the first namespace, which has all. */
export function countIds(map: string | undefined): number | undefined {
  const lines = (map ?? "").split("\n").filter((line) => line.trim() !== "");
  const ids = lines.reduce((sum, line) => sum + Number(line.trim().split(/\s+/)[2]), 0);
  return lines.length === 0 || ids >= 2 ** 32 - 1 ? undefined : ids;
}

async function answers(socket: string, service: Service): Promise<void> {
  const ended = service.ended.then((reason) => {
    throw reason;
  });
  const deadline = Date.now() + START_TIMEOUT;
  while (!(await Promise.race([canConnect(socket), ended]))) {
    if (Date.now() > deadline) throw new Error(`no answer on ${socket} after ${START_TIMEOUT / 1000} seconds`);
    await Promise.race([sleep(10), ended]);
  }
}

function canConnect(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once("connect", () => resolve(true)).once("error", () => resolve(false));
    connection.once("connect", () => connection.destroy());
  });
}

/** The service counts requests, not connections: a plan that takes long on the host's side must not lose it. */
function keepAlive(socket: string): NodeJS.Timeout {
  const request = "GET /_ping HTTP/1.1\r\nHost: caisson\r\nConnection: close\r\n\r\n";
  const ping = () => {
    // A service that has gone is reported by the request that needs it.
    const connection = connect(socket, () => connection.end(request));
    connection.on("error", () => connection.destroy()).resume();
    connection.unref();
  };
  return setInterval(ping, (IDLE * 1000) / 4).unref();
}

/** Folders that killed processes of this program left behind. */
async function sweep(base: string): Promise<void> {
  for (const name of await readdir(base)) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    await rm(join(base, name), { recursive: true, force: true }).catch(leftToOthers);
  }
}

/** Another user's, or being removed by another process of this program at this moment. */
function leftToOthers(error: NodeJS.ErrnoException): void {
  if (!["EPERM", "EACCES", "ENOTEMPTY"].includes(error.code ?? "")) throw error;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
