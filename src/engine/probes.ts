import { join } from "node:path";
import { run } from "../process/spawn.ts";
import { isAddress } from "./address.ts";
import type { Host } from "./host.ts";
import { isHybrid, type PodmanService, servingRuntime, startPodmanService } from "./service.ts";

/** A place where an engine may answer. */
export interface Candidate {
  address: string;
  /** Somebody named it: if it does not answer, nothing else will do. `source` is what named it. */
  source?: string;
  /** The engine runs in a virtual machine of this host. */
  machine?: boolean;
  service?: PodmanService;
}

export interface ProbeContext extends Host {
  /** `--engine`: `podman`, `docker`, or an address. */
  engine: string | undefined;
  startService?: (host: Host) => Promise<PodmanService>;
  podmanMachine?: (host: Host) => Promise<string | undefined>;
}

export interface Probe {
  name: string;
  /** Whose socket it looks for; `any`: whoever answers at an address that somebody named. */
  engine: "podman" | "docker" | "any";
  /** Undefined: does not apply here. */
  find(context: ProbeContext): Promise<Candidate | undefined>;
}

/** In this order; the first that answers is used. */
export const PROBES: readonly Probe[] = [
  { name: "--engine", engine: "any", find: namedAddress },
  { name: "CONTAINER_HOST", engine: "podman", find: variable("CONTAINER_HOST") },
  { name: "DOCKER_HOST", engine: "docker", find: variable("DOCKER_HOST") },
  { name: "podman's user socket", engine: "podman", find: podmanUserSocket },
  { name: "podman system service", engine: "podman", find: podmanService },
  { name: "podman machine", engine: "podman", find: podmanMachine },
  { name: "podman's system socket", engine: "podman", find: podmanSystemSocket },
  { name: "docker's user socket", engine: "docker", find: dockerUserSocket },
  { name: "docker's system socket", engine: "docker", find: dockerSystemSocket },
  { name: "docker desktop", engine: "docker", find: dockerDesktop },
];

/** The probes that `--engine` leaves. */
export function applicableProbes(engine: string | undefined): readonly Probe[] {
  if (engine === undefined) return PROBES;
  if (isAddress(engine)) return PROBES.filter((probe) => probe.engine === "any");
  return PROBES.filter((probe) => probe.engine === engine);
}

async function namedAddress({ engine }: ProbeContext): Promise<Candidate | undefined> {
  return engine !== undefined && isAddress(engine) ? { address: engine, source: "--engine" } : undefined;
}

function variable(name: string): Probe["find"] {
  return async ({ environment }) => {
    const address = environment[name];
    return address ? { address, source: name } : undefined;
  };
}

async function podmanUserSocket(host: ProbeContext): Promise<Candidate | undefined> {
  const folder = host.environment.XDG_RUNTIME_DIR;
  if (host.platform !== "linux" || !folder || (await isBetterServed(host))) return undefined;
  return socket(host, join(folder, "podman/podman.sock"));
}

async function podmanService(host: ProbeContext): Promise<Candidate | undefined> {
  if (host.platform !== "linux" || !(await host.command("podman"))) return undefined;
  const service = await (host.startService ?? startPodmanService)(host);
  return { address: service.address, service };
}

async function podmanMachine(host: ProbeContext): Promise<Candidate | undefined> {
  if (host.platform === "linux" || !(await host.command("podman"))) return undefined;
  const path = await (host.podmanMachine ?? inspectMachine)(host);
  return path ? { address: `unix://${path}`, machine: true } : undefined;
}

async function podmanSystemSocket(host: ProbeContext): Promise<Candidate | undefined> {
  return host.platform === "linux" ? socket(host, "/run/podman/podman.sock") : undefined;
}

async function dockerUserSocket(host: ProbeContext): Promise<Candidate | undefined> {
  const folder = host.environment.XDG_RUNTIME_DIR;
  return host.platform === "linux" && folder ? socket(host, join(folder, "docker.sock")) : undefined;
}

async function dockerSystemSocket(host: ProbeContext): Promise<Candidate | undefined> {
  return host.platform === "linux" ? socket(host, "/var/run/docker.sock") : undefined;
}

async function dockerDesktop(host: ProbeContext): Promise<Candidate | undefined> {
  const home = host.environment.HOME;
  if (host.platform !== "darwin" || !home) return undefined;
  const user = await socket(host, join(home, ".docker/run/docker.sock"));
  const found = user ?? (await socket(host, "/var/run/docker.sock"));
  return found && { ...found, machine: true };
}

/** A socket that somebody else's service listens on uses that service's runtime, also for image builds. */
async function isBetterServed(host: ProbeContext): Promise<boolean> {
  return (await isHybrid(host)) && (await servingRuntime(host)) !== undefined;
}

async function socket(host: Host, path: string): Promise<Candidate | undefined> {
  return (await host.usable(path)) === true ? { address: `unix://${path}` } : undefined;
}

/** podman-machine-inspect(1). */
async function inspectMachine(host: Host): Promise<string | undefined> {
  const format = "{{.ConnectionInfo.PodmanSocket.Path}}";
  const { environment } = host;
  const state = await run("podman", ["machine", "list", "--format", "{{.Running}}"], { environment });
  if (!state.includes("true")) return undefined;
  return (await run("podman", ["machine", "inspect", "--format", format], { environment })).trim();
}
