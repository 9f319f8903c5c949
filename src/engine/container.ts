import { type Duplex, Readable } from "node:stream";
import type Docker from "dockerode";
import { hasEnded, ignoring } from "./api-errors.ts";
import { demux } from "./demux.ts";
import type { Container, ContainerSpec, ContainerTerminal, Image } from "./engine.ts";
import { tarOf } from "./files.ts";
import { type ContainerHost, createOptions } from "./host-config.ts";
import { splitReference } from "./reference.ts";

/** What a container needs of the engine that it runs in. */
export interface ContainerContext {
  docker: Docker;
  host: ContainerHost;
  findImage(reference: string): Promise<Image | undefined>;
}

/** Creates, fills, attaches to and starts a container, in this order; removes it again where one of these fails. */
export async function startContainer(spec: ContainerSpec, context: ContainerContext): Promise<Container> {
  const { docker } = context;
  const container = await docker.createContainer(createOptions(spec, context.host));
  try {
    for (const open of spec.archives ?? []) await container.putArchive(open(), { path: "/" });
    const files = spec.files ?? {};
    if (Object.keys(files).length > 0) await container.putArchive(await tarOf(files), { path: "/" });
    const socket = await attach(docker, container.id);
    // Before the start: a container that says nothing may be gone, and its stream closed, when that returns.
    const attached = new AttachedContainer(container, socket, spec.tty ?? false, context);
    await container.start();
    return attached;
  } catch (error) {
    await removeContainer(docker, container.id);
    throw error;
  }
}

/** Podman says "created" where docker says "OK", which dockerode takes for an error. */
function isDone(error: unknown): boolean {
  return hasEnded(error) || (error as { statusCode?: number } | null)?.statusCode === 201;
}

/** Kills it where it runs: the engine's own forced removal waits for a polite end first. */
export async function removeContainer(docker: Docker, id: string): Promise<void> {
  const container = docker.getContainer(id);
  await ignoring(hasEnded, () => container.kill({ signal: "SIGKILL" }));
  await ignoring(hasEnded, () => container.remove({ force: true, v: true }));
}

/**
 * The stream of a container that has not begun. Not dockerode's attach(): that one sends its options as the body as well,
 * or leaves the request open; both can end up in the container's standard input.
 */
function attach(docker: Docker, id: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    docker.modem.dial(
      {
        path: `/containers/${id}/attach?`,
        method: "POST",
        isStream: true,
        hijack: true,
        file: Buffer.alloc(0),
        options: { stream: 1, stdin: 1, stdout: 1, stderr: 1 },
        statusCodes: { 101: true, 200: true, 404: "no such container", 500: "server error" },
      },
      (error: unknown, socket: unknown) => (error ? reject(error) : resolve(socket as Duplex)),
    );
  });
}

class AttachedContainer implements Container {
  readonly id: string;
  readonly stdin: Duplex;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly #container: Docker.Container;
  readonly #context: ContainerContext;
  readonly #silent: Promise<void>;
  #exitCode: Promise<number> | undefined;

  constructor(container: Docker.Container, socket: Duplex, tty: boolean, context: ContainerContext) {
    this.id = container.id;
    this.stdin = socket;
    const streams = tty ? { stdout: socket, stderr: Readable.from([]) } : demux(socket);
    this.stdout = streams.stdout;
    this.stderr = streams.stderr;
    this.#container = container;
    this.#context = context;
    this.#silent = new Promise((resolve) => {
      for (const event of ["end", "close", "error"]) socket.once(event, resolve);
    });
  }

  wait(): Promise<number> {
    this.#exitCode ??= this.#waitForExit();
    return this.#exitCode;
  }

  async #waitForExit(): Promise<number> {
    // While podman waits it looks at its database again and again, which costs more than half a processor: so the end
    // of the container's output is waited for first.
    await this.#silent;
    // Podman looks at this interval, docker does not know the word.
    const options = { interval: "50ms" } as Docker.ContainerWaitOptions;
    const { StatusCode } = (await this.#container.wait(options)) as { StatusCode: number };
    return StatusCode;
  }

  async kill(signal: "SIGTERM" | "SIGKILL" | "SIGINT"): Promise<void> {
    await ignoring(hasEnded, () => this.#container.kill({ signal }));
  }

  async resize({ columns, rows }: { columns: number; rows: number }): Promise<void> {
    await ignoring(hasEnded, () => this.#container.resize({ w: columns, h: rows }));
  }

  async terminal(command: string[], environment: Record<string, string>): Promise<ContainerTerminal> {
    const attached = { AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: true };
    const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    const exec = await this.#container.exec({ ...attached, Cmd: command, Env: variables });
    const stream = await exec.start({ hijack: true, stdin: true, Tty: true });
    const resize = ({ columns, rows }: { columns: number; rows: number }) =>
      ignoring(isDone, () => exec.resize({ w: columns, h: rows }));
    return { stream, resize };
  }

  async read(path: string): Promise<Readable> {
    return (await this.#container.getArchive({ path })) as Readable;
  }

  async commit(reference: string, labels: Record<string, string> = {}): Promise<Image> {
    const changes = Object.entries(labels).map(([key, value]) => `LABEL ${key}=${JSON.stringify(value)}`);
    await this.#container.commit({ ...splitReference(reference), changes: changes.join("\n") });
    const image = await this.#context.findImage(reference);
    if (image === undefined) throw new Error(`the engine committed ${reference}, but does not have it`);
    return image;
  }

  async remove(): Promise<void> {
    await removeContainer(this.#context.docker, this.id);
  }
}
