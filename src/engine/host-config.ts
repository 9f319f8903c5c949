import type { ContainerCreateOptions, HostConfig, MountConfig } from "dockerode";
import type { ContainerSpec } from "./engine.ts";
import type { RuntimeSettings } from "./runtime.ts";

/** Hard limits of a process; `Infinity` where there is none. */
export interface Limits {
  files: number;
  processes: number;
}

/** What of the engine and of this machine decides how a container is made. */
export interface ContainerHost {
  engine: "podman" | "docker";
  settings: RuntimeSettings;
  /** Limits of this process, where it is the engine's machine: a rootful podman without CAP_SYS_RESOURCE cannot raise them. */
  limits: Limits | undefined;
  /** Keeps the caller's groups, so that a device readable for one of them stays readable. Only crun can do that. */
  keepGroups: boolean;
}

/** More open files than this make programs slow that close them all before they start another. */
const MOST_OPEN_FILES = 65_536;

/** The body of a container's creation (Docker Engine API v1.41, ContainerCreate). */
export function createOptions(spec: ContainerSpec, host: ContainerHost): ContainerCreateOptions {
  const [program, ...rest] = spec.command;
  if (program === undefined) throw new Error("a container needs a command");
  const tty = spec.tty ?? false;
  return {
    ...(spec.name === undefined ? {} : { name: spec.name }),
    ...(spec.hostname === undefined ? {} : { Hostname: spec.hostname }),
    Image: spec.image,
    // An entry point of the image's own would take the command as its arguments.
    Entrypoint: [program],
    Cmd: rest,
    Env: Object.entries(spec.environment ?? {}).map(([key, value]) => `${key}=${value}`),
    Labels: spec.labels ?? {},
    Tty: tty,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: !tty,
    OpenStdin: true,
    // Standard input ends with the client that is attached to it, however that ends.
    StdinOnce: true,
    HostConfig: hostConfig(spec, host),
  };
}

/** Docker Engine API v1.43; the types of dockerode do not know them. */
interface Annotated {
  Annotations?: Record<string, string>;
}

function hostConfig(spec: ContainerSpec, host: ContainerHost): HostConfig & Annotated {
  return {
    NetworkMode: spec.network ?? "none",
    // Whoever started it reads what it writes; the engine would keep a copy on its disk.
    LogConfig: { Type: "none", Config: {} },
    Mounts: (spec.mounts ?? []).map((mount): MountConfig[number] => ({
      Type: mount.kind,
      Source: mount.source,
      Target: mount.target,
      ReadOnly: mount.readOnly,
    })),
    Devices: (spec.devices ?? []).map((path) => ({
      PathOnHost: path,
      PathInContainer: path,
      CgroupPermissions: "rwm",
    })),
    // Podman's command line makes this of `--group-add keep-groups`, which its API takes for the name of a group.
    // An older podman passes over annotations: the container then has to do without the groups.
    ...(host.keepGroups ? { Annotations: { "run.oci.keep_original_groups": "1" } } : {}),
    ...(host.settings.runtime === undefined ? {} : { Runtime: host.settings.runtime }),
    ...(host.limits === undefined ? {} : { Ulimits: ulimits(host.limits, host.engine) }),
    ...(spec.capable ? capable(host) : { SecurityOpt: ["label=disable"] }),
  };
}

function ulimits(limits: Limits, engine: ContainerHost["engine"]) {
  const files = Math.min(limits.files, MOST_OPEN_FILES);
  const open = { Name: "nofile", Soft: files, Hard: files };
  // Podman asks for a limit of processes of its own accord, docker does not.
  if (engine === "docker" || !Number.isFinite(limits.processes)) return [open];
  return [open, { Name: "nproc", Soft: limits.processes, Hard: limits.processes }];
}

/** Everything that `--privileged` gives except the host's devices, and only over the container's own namespaces. */
function capable({ engine, settings }: ContainerHost): HostConfig {
  const open = ["seccomp=unconfined", "apparmor=unconfined", "label=disable"];
  const capabilities = { CapAdd: ["ALL"], CapDrop: settings.withoutCapabilities ?? [] };
  if (engine === "podman") return { ...capabilities, SecurityOpt: [...open, "unmask=ALL"] };
  // `systempaths=unconfined` exists in docker's command line only, which turns it into these two.
  return { ...capabilities, SecurityOpt: open, MaskedPaths: [], ReadonlyPaths: [] };
}
