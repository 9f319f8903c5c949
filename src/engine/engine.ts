import type { Duplex, Readable, Writable } from "node:stream";

/** What Caisson asks of a container engine. Podman and docker both answer it through dockerode. */
export interface Engine {
  readonly name: "podman" | "docker";
  /** Container id 0 is the calling user, not root. */
  readonly rootless: boolean;
  /** Not this machine: sources are streamed, not mounted. */
  readonly remote: boolean;
  /** For people and logs: `unix:///run/user/1000/podman/podman.sock`. */
  readonly address: string;

  info(): Promise<EngineInfo>;

  /** `reference` is a name with tag, or an id. */
  findImage(reference: string): Promise<Image | undefined>;
  /** Every image that carries the label. */
  listImages(label: string): Promise<Image[]>;
  /** Makes an image of one layer from a tar stream of its root. */
  importImage(rootfs: Readable, reference: string): Promise<Image>;
  /** `context` is a tar stream with a `Containerfile` at its root. Throws UserError `image-build-failed` with the last lines. */
  buildImage(context: Readable, options: BuildImageOptions): Promise<Image>;
  /** `reference` names a digest: `registry.example/tools@sha256:…`. */
  pullImage(reference: string, onProgress?: (line: string) => void): Promise<Image>;
  removeImage(reference: string): Promise<void>;
  /** An archive of an image that `loadImage` reads. */
  saveImage(reference: string): Promise<Readable>;
  loadImage(archive: Readable): Promise<void>;

  ensureVolume(name: string): Promise<void>;
  removeVolume(name: string): Promise<void>;
  /** Names of the volumes that begin with it. */
  listVolumes(prefix: string): Promise<string[]>;

  /** Creates, attaches to and starts a container; its streams lose nothing that it writes first. */
  start(spec: ContainerSpec): Promise<Container>;
  /** Every container, running or not, that carries the label. */
  listContainers(label: string): Promise<ContainerSummary[]>;
  /** Kills it where it runs. No error where it is gone already. */
  removeContainer(id: string): Promise<void>;

  /** Lets go of connections, and of a service that was started for this client. */
  close(): Promise<void>;
}

export interface EngineInfo {
  version: string;
  /** `overlay`, `vfs`, `btrfs` … */
  storageDriver: string;
  /** Folder of the engine's storage, on its own machine. */
  storagePath: string;
  /** `x86-64`, `arm64`, as in mkosi. */
  architecture: string;
  /** The OCI runtime that containers are started with: `crun`. */
  runtime: string;
  kernelVersion: string;
  cgroupVersion: "1" | "2";
  /** Ids that a container has, from its id maps; undefined where the engine does not say. */
  ids: number | undefined;
  cpus: number;
  /** Bytes. */
  memory: number;
}

export interface Image {
  id: string;
  references: string[];
  labels: Record<string, string>;
  /** Bytes. */
  size: number;
  created: Date;
}

export interface BuildImageOptions {
  reference: string;
  arguments?: Record<string, string>;
  labels?: Record<string, string>;
  onOutput?: (line: string) => void;
}

export interface Mount {
  /** An absolute path of the host, or a volume's name. */
  source: string;
  target: string;
  readOnly: boolean;
  kind: "bind" | "volume";
}

export interface ContainerSpec {
  image: string;
  command: string[];
  /** Shown by `podman ps`. */
  name?: string;
  /** What the container calls its machine; default: the engine's choice. */
  hostname?: string;
  labels?: Record<string, string>;
  environment?: Record<string, string>;
  mounts?: Mount[];
  network?: "host" | "none";
  /** Host devices, such as `/dev/kvm`. */
  devices?: string[];
  /**
   * All capabilities of the container's own user namespace, no seccomp filter, no masked paths. Never `--privileged`.
   * Off: the engine's default confinement.
   */
  capable?: boolean;
  /** A terminal: stdout and stderr are one stream. */
  tty?: boolean;
  /** Files put into the container before it starts, by absolute path. */
  files?: Record<string, string | Buffer>;
  /** Tar streams unpacked at the container's root before it starts. */
  archives?: (() => Readable)[];
}

export interface Container {
  readonly id: string;
  /** Its end is the end of the container's standard input, as is the end of this process. */
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Empty where there is a terminal. */
  readonly stderr: Readable;
  /** Settles when the container has ended: its exit code, 128 + signal where it was killed. */
  wait(): Promise<number>;
  kill(signal: "SIGTERM" | "SIGKILL" | "SIGINT"): Promise<void>;
  /** In character cells. */
  resize(size: { columns: number; rows: number }): Promise<void>;
  /** Runs one more command in the container, on a terminal of its own. `environment` is added to the container's. */
  terminal(command: string[], environment: Record<string, string>): Promise<ContainerTerminal>;
  /** A tar stream of a folder or file in the container, running or ended; names begin with its last part. */
  read(path: string): Promise<Readable>;
  /** Makes an image of the ended container's root. */
  commit(reference: string, labels?: Record<string, string>): Promise<Image>;
  remove(): Promise<void>;
}

/** Both ends are open until the command has ended. */
export interface ContainerTerminal {
  stream: Duplex;
  /** In character cells. */
  resize(size: { columns: number; rows: number }): Promise<void>;
}

export interface ContainerSummary {
  id: string;
  labels: Record<string, string>;
  running: boolean;
}
