import * as z from "zod";
import type { EngineInfo } from "./engine.ts";

/** What is learnt from an engine's own description of itself. */
export interface Description {
  info: EngineInfo;
  rootless: boolean;
}

const IdMap = z.array(z.object({ size: z.number() })).nullish();

/** GET /libpod/info (podman-info(1)). */
const PodmanInfo = z.object({
  host: z.object({
    arch: z.string(),
    cgroupVersion: z.string(),
    cpus: z.number(),
    idMappings: z.object({ uidmap: IdMap, gidmap: IdMap }).nullish(),
    kernel: z.string(),
    memTotal: z.number(),
    ociRuntime: z.object({ name: z.string() }),
    security: z.object({ rootless: z.boolean() }),
  }),
  store: z.object({ graphDriverName: z.string(), graphRoot: z.string() }),
  version: z.object({ Version: z.string() }),
});

/** GET /info (Docker Engine API, SystemInfo). */
const DockerInfo = z.object({
  ServerVersion: z.string(),
  Driver: z.string(),
  DockerRootDir: z.string(),
  Architecture: z.string(),
  DefaultRuntime: z.string().default("runc"),
  KernelVersion: z.string(),
  CgroupVersion: z.string().default("1"),
  SecurityOptions: z.array(z.string()).nullish(),
  NCPU: z.number(),
  MemTotal: z.number(),
});

/** Every id that there is (user_namespaces(7)): what a container has without a user namespace. */
const ALL_IDS = 2 ** 32 - 1;

/** Reads the answer of podman's own API. Throws ZodError where it is something else. */
export function readPodmanInfo(answer: unknown): Description {
  const { host, store, version } = PodmanInfo.parse(answer);
  const { rootless } = host.security;
  const sizes = [count(host.idMappings?.uidmap), count(host.idMappings?.gidmap)];
  return {
    rootless,
    info: {
      version: version.Version,
      storageDriver: store.graphDriverName,
      storagePath: store.graphRoot,
      architecture: architecture(host.arch),
      runtime: host.ociRuntime.name,
      kernelVersion: host.kernel,
      cgroupVersion: host.cgroupVersion === "v2" ? "2" : "1",
      ids: rootless ? Math.min(...sizes) : ALL_IDS,
      cpus: host.cpus,
      memory: host.memTotal,
    },
  };
}

/** Reads the answer of the API that docker and podman share. Throws ZodError where it is something else. */
export function readDockerInfo(answer: unknown): Description {
  const info = DockerInfo.parse(answer);
  const options = (info.SecurityOptions ?? []).flatMap((option) => option.split(","));
  const rootless = options.includes("name=rootless");
  return {
    rootless,
    info: {
      version: info.ServerVersion,
      storageDriver: info.Driver,
      storagePath: info.DockerRootDir,
      architecture: architecture(info.Architecture),
      runtime: info.DefaultRuntime,
      kernelVersion: info.KernelVersion,
      cgroupVersion: info.CgroupVersion === "2" ? "2" : "1",
      ids: rootless || options.includes("name=userns") ? undefined : ALL_IDS,
      cpus: info.NCPU,
      memory: info.MemTotal,
    },
  };
}

function count(map: z.infer<typeof IdMap>): number {
  return (map ?? []).reduce((sum, range) => sum + range.size, 0);
}

/** From Go's names and from uname(1)'s to systemd's (systemd.unit(5), ConditionArchitecture=). */
const ARCHITECTURES: Record<string, string> = {
  amd64: "x86-64",
  x86_64: "x86-64",
  aarch64: "arm64",
  armv7l: "arm",
  "386": "x86",
  i686: "x86",
  ppc64le: "ppc64-le",
};

function architecture(name: string): string {
  return ARCHITECTURES[name] ?? name;
}
