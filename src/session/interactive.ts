import type { Readable, Writable } from "node:stream";
import type { FailureEvent } from "../../sandbox/protocol.ts";
import type { Container, Engine } from "../engine/engine.ts";
import { interrupted, WorkerFailure } from "./failure.ts";
import { whenAborted } from "./interrupts.ts";
import { decodeEvent, readLines } from "./lines.ts";
import { transcriptLine } from "./transcript.ts";
import { specFor, storeVolume, type WorkerRun } from "./worker.ts";

/** The standard streams of the command line; those of `process`, or a test's. */
export interface Terminal {
  stdin: Readable & { isTTY?: boolean; setRawMode?(raw: boolean): unknown };
  stdout: Writable & { isTTY?: boolean; columns?: number; rows?: number };
  stderr: Writable;
}

export interface InteractiveRun extends WorkerRun {
  terminal: Terminal;
  /** $TERM. */
  terminalName: string | undefined;
  /** The end of our standard input is the end of the container's: for commands, not for a machine's console. */
  endInput: boolean;
}

/**
 * Runs a worker whose standard streams are the user's: a guest's console, a command, a shell. With a terminal on both
 * ends the container gets one too, and the worker prints what goes wrong; without, it writes events among the lines of
 * its standard error. Gives back the exit code. Throws as `runWorker` does.
 */
export async function runInteractive(engine: Engine, run: InteractiveRun): Promise<number> {
  await engine.ensureVolume(storeVolume);
  const tty = run.terminal.stdin.isTTY === true && run.terminal.stdout.isTTY === true;
  const container = await engine.start({
    ...specFor(engine, run),
    tty,
    ...(tty ? { environment: terminalVariables(run) } : {}),
  });
  try {
    return await (tty ? withTerminal(container, run) : withPipes(container, run));
  } finally {
    await engine.removeContainer(container.id);
  }
}

function terminalVariables({ terminalName }: InteractiveRun): Record<string, string> {
  return terminalName === undefined ? {} : { TERM: terminalName };
}

async function withTerminal(container: Container, run: InteractiveRun): Promise<number> {
  const { stdin, stdout } = run.terminal;
  const resize = () => {
    const { columns = 80, rows = 24 } = stdout;
    container.resize({ columns, rows }).catch((error: Error) => run.log.write(`--- resize: ${error.message}`));
  };
  const off = connect(container, run, "SIGKILL");
  stdout.on("resize", resize);
  stdin.setRawMode?.(true);
  resize();
  try {
    const [code] = await Promise.all([container.wait(), copy(container.stdout, stdout)]);
    return code;
  } finally {
    stdin.setRawMode?.(false);
    stdout.off("resize", resize);
    off();
  }
}

async function withPipes(container: Container, run: InteractiveRun): Promise<number> {
  let failure: FailureEvent | undefined;
  const off = connect(container, run, "SIGTERM");
  try {
    const [code] = await Promise.all([
      container.wait(),
      copy(container.stdout, run.terminal.stdout),
      readLines(container.stderr, (line) => {
        const event = decodeEvent(line);
        const text = event === undefined ? line : transcriptLine(event);
        if (text !== undefined) run.log.write(text);
        if (event === undefined) run.terminal.stderr.write(`${line}\n`);
        else if (event.type === "error") failure ??= event;
        else run.onEvent(event);
      }),
    ]);
    if (code !== 0 && run.interrupts.cancel.aborted) throw interrupted();
    if (failure !== undefined) throw new WorkerFailure(failure, run.log.path);
    return code;
  } finally {
    off();
  }
}

/** Our input and the user's wishes to stop, to the container. */
function connect(container: Container, run: InteractiveRun, gently: "SIGTERM" | "SIGKILL"): () => void {
  const { stdin } = run.terminal;
  const note = (error: Error) => run.log.write(`--- ${error.message}`);
  container.stdin.on("error", note);
  stdin.pipe(container.stdin, { end: run.endInput });
  const offs = [
    whenAborted(run.interrupts.cancel, () => void container.kill(gently).catch(note)),
    whenAborted(run.interrupts.kill, () => void container.kill("SIGKILL").catch(note)),
  ];
  return () => {
    for (const off of offs) off();
    stdin.unpipe(container.stdin);
    // A flowing standard input keeps the process alive.
    stdin.pause();
  };
}

/** Copies to a stream that stays open; settles when `from` has ended. */
async function copy(from: Readable, to: Writable): Promise<void> {
  for await (const chunk of from) {
    if (!to.write(chunk)) await new Promise<void>((resolve) => to.once("drain", resolve));
  }
}
