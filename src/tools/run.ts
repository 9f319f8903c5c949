import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Container, ContainerSpec, Engine } from "../engine/engine.ts";
import { UserError } from "../errors.ts";

export interface RunOptions {
  signal?: AbortSignal;
  onLine?: (line: string) => void;
}

const TAIL = 15;

/**
 * Runs a container to its end, and hands it to `then` before it is removed. Throws UserError `tools-step-failed` with
 * the last lines where it does not exit with 0. `title` is for the message. Resolves to what `then` returns.
 */
export async function runContainer<T>(
  engine: Engine,
  spec: ContainerSpec,
  title: string,
  options: RunOptions,
  then: (container: Container, lines: string[]) => Promise<T>,
): Promise<T> {
  options.signal?.throwIfAborted();
  const container = await engine.start({ ...spec, network: "none" });
  try {
    return await untilAborted(attend(container, title, options, then), options.signal);
  } finally {
    await container.remove();
  }
}

/** Shows files of a folder of this host in a container's folder `target`: mounted, or copied where the engine is on another machine. */
export async function showFiles(
  engine: Pick<Engine, "remote">,
  folder: string,
  names: string[],
  target: string,
): Promise<Pick<ContainerSpec, "files" | "mounts">> {
  if (!engine.remote) return { mounts: [{ kind: "bind", source: folder, target, readOnly: true }] };
  const files: Record<string, Buffer> = {};
  for (const name of names) files[`${target}/${name}`] = await readFile(join(folder, name));
  return { files };
}

async function attend<T>(
  container: Container,
  title: string,
  options: RunOptions,
  then: (container: Container, lines: string[]) => Promise<T>,
): Promise<T> {
  container.stdin.end();
  const tail: string[] = [];
  const onLine = (line: string) => {
    tail.push(line);
    if (tail.length > TAIL) tail.shift();
    options.onLine?.(line);
  };
  const [lines] = await Promise.all([readLines(container.stdout, onLine), readLines(container.stderr, onLine)]);
  const code = await container.wait();
  if (code !== 0) throw failed(title, code, tail);
  return then(container, lines);
}

/** Rejects with the signal's reason as soon as it is aborted. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

async function readLines(stream: Readable, onLine: (line: string) => void): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: stream })) {
    lines.push(line);
    onLine(line);
  }
  return lines;
}

function failed(title: string, code: number, tail: string[]): UserError {
  return new UserError(
    "tools-step-failed",
    `${title} failed with exit code ${code}:\n${tail.map((line) => `  ${line}`).join("\n")}`,
  );
}
