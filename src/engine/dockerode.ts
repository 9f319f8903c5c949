import type { Readable } from "node:stream";
import Docker from "dockerode";
import { ExitCode } from "../../sandbox/exit-code.ts";
import { UserError } from "../errors.ts";
import { clientOptions, socketPath } from "./address.ts";
import { ignoring, isMissing } from "./api-errors.ts";
import { describe, engineName, lazily } from "./client.ts";
import { removeContainer, startContainer } from "./container.ts";
import type {
  BuildImageOptions,
  Container,
  ContainerSpec,
  ContainerSummary,
  Engine,
  EngineInfo,
  Image,
} from "./engine.ts";
import type { ContainerHost, Limits } from "./host-config.ts";
import type { Description } from "./info.ts";
import { ProgressError, readProgress } from "./progress.ts";
import { isDigest } from "./reference.ts";
import { chooseRuntime, type RuntimeChoice, refusesHost } from "./runtime.ts";

export interface DockerodeOptions {
  address: string;
  environment: Record<string, string | undefined>;
  /** The engine runs in a virtual machine or elsewhere: limits of this process say nothing about it. */
  foreignKernel: boolean;
  limits: Limits | undefined;
  /** Known beforehand, which spares a slow question to the engine. */
  rootless?: boolean;
  /** A service that was started for this client. */
  close?: () => Promise<void>;
}

/** A client of whatever answers at the address, podman or docker. Throws the connection's error where nothing does. */
export async function openEngine(options: DockerodeOptions): Promise<Engine> {
  const docker = new Docker(clientOptions(options.address, options.environment));
  const name = await engineName(docker);
  const description = lazily(() => describe(docker, name));
  const rootless = options.rootless ?? (await description()).rootless;
  return new DockerodeEngine(docker, { ...options, name, rootless, description });
}

interface Opened extends DockerodeOptions {
  name: "podman" | "docker";
  rootless: boolean;
  description: () => Promise<Description>;
}

class DockerodeEngine implements Engine {
  readonly name: "podman" | "docker";
  readonly rootless: boolean;
  readonly remote: boolean;
  readonly address: string;
  readonly #docker: Docker;
  readonly #opened: Opened;
  readonly #runtime: RuntimeChoice = chooseRuntime();

  constructor(docker: Docker, opened: Opened) {
    this.name = opened.name;
    this.rootless = opened.rootless;
    this.remote = socketPath(opened.address) === undefined;
    this.address = opened.address.startsWith("/") ? `unix://${opened.address}` : opened.address;
    this.#docker = docker;
    this.#opened = opened;
  }

  async info(): Promise<EngineInfo> {
    const { info } = await this.#opened.description();
    return { ...info, runtime: this.#runtime.settings.runtime ?? info.runtime };
  }

  async findImage(reference: string): Promise<Image | undefined> {
    try {
      const found = await this.#docker.getImage(reference).inspect();
      return {
        id: found.Id,
        references: [...(found.RepoTags ?? []), ...(found.RepoDigests ?? [])],
        labels: found.Config?.Labels ?? {},
        size: found.Size,
        created: new Date(found.Created),
      };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async listImages(label: string): Promise<Image[]> {
    const images = await this.#docker.listImages({ filters: { label: [label] } });
    return images.map((image) => ({
      id: image.Id,
      references: [...(image.RepoTags ?? []), ...(image.RepoDigests ?? [])],
      labels: image.Labels ?? {},
      size: image.Size,
      created: new Date(image.Created * 1000),
    }));
  }

  async importImage(rootfs: Readable, reference: string): Promise<Image> {
    // The tag stays with the name: podman 4 overlooks it where it comes alone.
    const response = await this.#docker.importImage(rootfs, { repo: reference });
    await readProgress(response as Readable);
    return this.#expectImage(reference);
  }

  async buildImage(context: Readable, options: BuildImageOptions): Promise<Image> {
    const { reference, onOutput } = options;
    try {
      // Podman only: keeps no image of each instruction. Docker's classic builder ignores it and keeps its cache.
      const withoutLayers = { layers: false };
      const response = await this.#docker.buildImage(context, {
        ...withoutLayers,
        t: reference,
        dockerfile: "Containerfile",
        networkmode: "host",
        buildargs: options.arguments ?? {},
        labels: options.labels ?? {},
        rm: true,
        forcerm: true,
      });
      await readProgress(response as Readable, onOutput);
    } catch (error) {
      throw buildFailed(reference, error);
    }
    return this.#expectImage(reference);
  }

  async pullImage(reference: string, onProgress?: (line: string) => void): Promise<Image> {
    if (!isDigest(reference)) {
      throw new UserError("image-not-pinned", `The image "${reference}" names no digest; NAME@sha256:… was expected.`, {
        exitCode: ExitCode.usage,
      });
    }
    try {
      await readProgress((await this.#docker.pull(reference)) as Readable, onProgress);
    } catch (error) {
      const said = error instanceof Error ? error.message.trim() : String(error);
      throw new UserError("image-pull-failed", `The image ${reference} could not be pulled: ${said}`, { cause: error });
    }
    return this.#expectImage(reference);
  }

  async removeImage(reference: string): Promise<void> {
    await ignoring(isMissing, () => this.#docker.getImage(reference).remove({ force: true }));
  }

  async saveImage(reference: string): Promise<Readable> {
    return (await this.#docker.getImage(reference).get()) as Readable;
  }

  async loadImage(archive: Readable): Promise<void> {
    await readProgress((await this.#docker.loadImage(archive)) as Readable);
  }

  async ensureVolume(name: string): Promise<void> {
    // Docker's creation is content with a volume that is there, podman's is not.
    if (!(await this.#hasVolume(name))) await this.#docker.createVolume({ Name: name });
  }

  async #hasVolume(name: string): Promise<boolean> {
    try {
      await this.#docker.getVolume(name).inspect();
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  async listVolumes(prefix: string): Promise<string[]> {
    const { Volumes } = await this.#docker.listVolumes({ filters: { name: [prefix] } });
    return (Volumes ?? []).map(({ Name }) => Name).filter((name) => name.startsWith(prefix));
  }

  async removeVolume(name: string): Promise<void> {
    await ignoring(isMissing, () => this.#docker.getVolume(name).remove({ force: true }));
  }

  async start(spec: ContainerSpec): Promise<Container> {
    const keepGroups = await this.#keepsGroups(spec);
    const { limits, foreignKernel } = this.#opened;
    const attempt = this.#runtime.attempt((settings) => {
      const host: ContainerHost = {
        engine: this.name,
        settings,
        limits: this.remote || foreignKernel ? undefined : limits,
        keepGroups: keepGroups && settings.runtime === undefined,
      };
      return startContainer(spec, { docker: this.#docker, host, findImage: (reference) => this.findImage(reference) });
    });
    return attempt.catch((error) => Promise.reject(refusesHost(error) ? this.#refused(error) : error));
  }

  #refused(cause: Error): UserError {
    const message = `The engine at ${this.address} cannot start containers on this host: ${cause.message.trim()}`;
    return new UserError("runtime-refused", message, { hint: REFUSED_HINT, exitCode: ExitCode.host, cause });
  }

  async #keepsGroups(spec: ContainerSpec): Promise<boolean> {
    if (this.name !== "podman" || !this.rootless || (spec.devices ?? []).length === 0) return false;
    return (await this.info()).runtime === "crun";
  }

  async listContainers(label: string): Promise<ContainerSummary[]> {
    const containers = await this.#docker.listContainers({ all: true, filters: { label: [label] } });
    return containers.map(({ Id, Labels, State }) => ({ id: Id, labels: Labels ?? {}, running: State === "running" }));
  }

  async removeContainer(id: string): Promise<void> {
    await removeContainer(this.#docker, id);
  }

  async close(): Promise<void> {
    await this.#opened.close?.();
  }

  async #expectImage(reference: string): Promise<Image> {
    const image = await this.findImage(reference);
    if (image === undefined) throw new Error(`the engine said that it made ${reference}, but does not have it`);
    return image;
  }
}

function buildFailed(reference: string, error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const lines = error instanceof ProgressError ? error.lines : [];
  const said = [...lines, error.message.trim()].join("\n");
  return new UserError("image-build-failed", `The image ${reference} could not be built:\n${said}`, {
    ...(refusesHost(error) ? { hint: REFUSED_HINT } : {}),
    exitCode: refusesHost(error) ? ExitCode.host : ExitCode.failed,
    cause: error,
  });
}

const REFUSED_HINT =
  "Start that engine with another runtime (podman --runtime runc system service), or name no engine: Caisson then starts one with a runtime that works.";
