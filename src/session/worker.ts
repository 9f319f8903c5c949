import {
  Control,
  type Event,
  type FailureEvent,
  OUTPUT_PATH,
  PLAN_PATH,
  type Plan,
  SOURCES_PATH,
  STORE_PATH,
  WORKER_PATH,
} from "../../sandbox/protocol.ts";
import type { Container, ContainerSpec, Engine, Mount } from "../engine/engine.ts";
import type { SourceMount } from "../plan/index.ts";
import { type DebugShell, openDebugShell } from "./debug-shell.ts";
import { describeEnd, interrupted, WorkerFailure } from "./failure.ts";
import { ownIdentity, ownLabels } from "./identity.ts";
import { type Interrupts, whenAborted } from "./interrupts.ts";
import { decodeEvent, readLines } from "./lines.ts";
import type { Log } from "./log.ts";
import { collect, streamed } from "./remote.ts";
import { transcriptLine } from "./transcript.ts";

/** The volume with packages, indexes and layers; one for all builds of an engine. */
export const storeVolume = "caisson-store";

export interface WorkerRun {
  /** Id of the tools image. */
  image: string;
  plan: Plan;
  /** Names the build in labels, log and store. */
  build: string;
  /** What the plan names. */
  sources: SourceMount[];
  /** Absolute; exists. Absent: the worker delivers nothing. */
  outputDirectory?: string;
  /** Folder with `sandbox.mjs`. */
  dist: string;
  /** Host devices, such as `/dev/kvm`. */
  devices?: string[];
  surroundings?: Surroundings;
  log: Log;
  onEvent: (event: Event) => void;
  interrupts: Interrupts;
  /** Where the plan says that shells may be asked for. */
  debugShell?: DebugShell | undefined;
}

/** What is around a worker, where it is other than ever: nothing of it may show in an output. */
export interface Surroundings {
  /** The volume in the place of `storeVolume`. */
  volume: string;
  environment: Record<string, string>;
  hostname: string;
  /** Octal digits. */
  umask: string;
  /** The one processor that the worker and its tools run on. */
  cpu: number;
}

export type OutputEvent = Extract<Event, { type: "output" }>;

/**
 * Runs one worker container to its end and removes it, whatever happens. Gives back what it delivered.
 * Throws WorkerFailure where the worker failed or was killed, UserError `interrupted` where the user stopped it.
 */
export async function runWorker(engine: Engine, run: WorkerRun): Promise<OutputEvent[]> {
  await engine.ensureVolume(run.surroundings?.volume ?? storeVolume);
  const container = await engine.start(specFor(engine, run));
  try {
    const outputs = await superviseWorker(container, run);
    if (engine.remote && run.outputDirectory !== undefined)
      await collect(
        container,
        run.outputDirectory,
        outputs.map(({ file }) => file),
      );
    return outputs;
  } finally {
    await engine.removeContainer(container.id);
  }
}

/** The container of a run, for this machine or another. */
export function specFor(engine: Pick<Engine, "remote">, run: WorkerRun): ContainerSpec {
  return engine.remote ? streamed(workerSpec(run), run.plan) : workerSpec(run);
}

/** What every kind of worker's container has in common. */
export function workerSpec(run: Omit<WorkerRun, "log" | "onEvent" | "interrupts">): ContainerSpec {
  const { surroundings } = run;
  return {
    image: run.image,
    // The first process of a container inherits the orphans of all others, which somebody has to reap.
    command: [...enter(surroundings), "tini", "--", "node", WORKER_PATH],
    name: `caisson-${run.build}`,
    labels: ownLabels(run.build, ownIdentity()),
    mounts: [
      { kind: "bind", source: run.dist, target: WORKER_PATH.slice(0, WORKER_PATH.lastIndexOf("/")), readOnly: true },
      { kind: "volume", source: surroundings?.volume ?? storeVolume, target: STORE_PATH, readOnly: false },
      ...bindMounts(run),
    ],
    network: "host",
    capable: true,
    files: { [PLAN_PATH]: `${JSON.stringify(run.plan)}\n` },
    ...(run.devices === undefined ? {} : { devices: run.devices }),
    ...(surroundings === undefined ? {} : { environment: surroundings.environment, hostname: surroundings.hostname }),
  };
}

/** The start of a command line that runs the rest with another umask and on one processor (taskset(1)). */
function enter(surroundings: Surroundings | undefined): string[] {
  if (surroundings === undefined) return [];
  const { umask, cpu } = surroundings;
  return ["sh", "-c", 'umask "$0" && exec "$@"', umask, "taskset", "--cpu-list", String(cpu)];
}

function bindMounts({ outputDirectory, sources }: Pick<WorkerRun, "outputDirectory" | "sources">): Mount[] {
  const inputs = sources.map(({ name, hostPath, writable }): Mount => {
    return { kind: "bind", source: hostPath, target: `${SOURCES_PATH}/${name}`, readOnly: writable !== true };
  });
  if (outputDirectory === undefined) return inputs;
  return [{ kind: "bind", source: outputDirectory, target: OUTPUT_PATH, readOnly: false }, ...inputs];
}

async function superviseWorker(container: Container, run: WorkerRun): Promise<OutputEvent[]> {
  const seen = new Seen(run, container);
  const off = forwardInterrupts(container, run);
  try {
    const [code] = await Promise.all([
      container.wait(),
      readLines(container.stdout, (line) => seen.line(line)),
      readLines(container.stderr, (line) => seen.noise(line)),
    ]);
    await seen.shell();
    seen.throwFailure(code);
    return seen.outputs;
  } finally {
    off();
  }
}

/** First wish to stop: a line that asks the worker to clean up. Second: the end of the container. */
function forwardInterrupts(container: Container, run: WorkerRun): () => void {
  // A worker that has ended already does not read what is written to it.
  container.stdin.on("error", (error) => run.log.write(`--- worker's input: ${error.message}`));
  const offs = [
    whenAborted(run.interrupts.cancel, () => container.stdin.write(`${Control.cancel}\n`)),
    whenAborted(run.interrupts.kill, () => {
      container.kill("SIGKILL").catch((error: Error) => run.log.write(`--- kill: ${error.message}`));
    }),
  ];
  return () => {
    for (const off of offs) off();
  };
}

const keptNoise = 20;

/** What came from the worker so far. */
class Seen {
  readonly outputs: OutputEvent[] = [];
  readonly #run: WorkerRun;
  readonly #noise: string[] = [];
  readonly #container: Container;
  #failure: FailureEvent | undefined;
  #shell: Promise<void> = Promise.resolve();

  constructor(run: WorkerRun, container: Container) {
    this.#run = run;
    this.#container = container;
  }

  line(line: string): void {
    const event = decodeEvent(line);
    if (event === undefined) {
      this.noise(line);
      return;
    }
    const text = transcriptLine(event);
    if (text !== undefined) this.#run.log.write(text);
    if (event.type === "output") this.outputs.push(event);
    if (event.type === "debug-shell" && this.#run.debugShell) {
      this.#shell = openDebugShell(this.#container, event, this.#run.debugShell);
      // It is waited for with the rest.
      this.#shell.catch(() => undefined);
    }
    // The report of a failure is the caller's: it knows where the log is.
    if (event.type === "error") this.#failure ??= event;
    else this.#run.onEvent(event);
  }

  /** Throws where a shell could not be opened. */
  shell(): Promise<void> {
    return this.#shell;
  }

  /** Output that is no event: a crash of the runtime, for one. */
  noise(line: string): void {
    this.#run.log.write(line);
    this.#noise.push(line);
    if (this.#noise.length > keptNoise) this.#noise.shift();
  }

  throwFailure(code: number): void {
    const { log, interrupts } = this.#run;
    if (code !== 0 && interrupts.cancel.aborted) throw interrupted();
    if (this.#failure !== undefined) throw new WorkerFailure(this.#failure, log.path);
    const end = describeEnd(code, this.#noise, log.path);
    if (end !== undefined) throw end;
  }
}
