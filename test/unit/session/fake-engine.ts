import { PassThrough } from "node:stream";
import type { Container, ContainerSpec, ContainerSummary, Engine } from "../../../src/engine/engine.ts";

/** A fake: no container runs; a test plays the worker through the streams of `container`, and ends it with `exit`. */
export class FakeEngine {
  readonly stdin = new PassThrough();
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  readonly started: ContainerSpec[] = [];
  readonly removed: string[] = [];
  readonly kills: string[] = [];
  readonly sizes: { columns: number; rows: number }[] = [];
  containers: ContainerSummary[] = [];
  #settle: (code: number) => void = () => undefined;
  readonly #ended = new Promise<number>((resolve) => {
    this.#settle = resolve;
  });

  exit(code: number): void {
    this.stdout.end();
    this.stderr.end();
    this.#settle(code);
  }

  say(...events: object[]): void {
    for (const event of events) this.stdout.write(`${JSON.stringify(event)}\n`);
  }

  get engine(): Engine {
    const used: Partial<Engine> = {
      remote: false,
      ensureVolume: async () => undefined,
      start: async (spec) => {
        this.started.push(spec);
        return this.#container as Container;
      },
      listContainers: async () => this.containers,
      removeContainer: async (id) => {
        this.removed.push(id);
      },
    };
    return used as Engine;
  }

  get #container(): Partial<Container> {
    return {
      id: "c1",
      stdin: this.stdin,
      stdout: this.stdout,
      stderr: this.stderr,
      wait: () => this.#ended,
      kill: async (signal) => {
        this.kills.push(signal);
        this.exit(signal === "SIGKILL" ? 137 : 143);
      },
      resize: async (size) => {
        this.sizes.push(size);
      },
    };
  }
}
