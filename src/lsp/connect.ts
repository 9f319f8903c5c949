import type { Readable, Writable } from "node:stream";
import { createConnection, type Logger, type WatchDog } from "vscode-languageserver";
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";
import { ExitCode } from "../../sandbox/exit-code.ts";
import { type ServerOptions, serve } from "./server.ts";

export interface Streams {
  input: Readable;
  output: Writable;
  /** Ends the server. */
  signal: AbortSignal;
}

/** Milliseconds between two looks at whether the editor is still there. */
const watchInterval = 3000;

/**
 * Serves an editor until it says `exit`, closes the stream, or is gone; gives the exit code, which is 1 where `shutdown`
 * did not come first: Language Server Protocol 3.17, "Exit Notification".
 */
export function runServer({ input, output, signal }: Streams, options: ServerOptions): Promise<number> {
  return new Promise((resolve) => {
    const watchDog = new Editor(resolve);
    const connection = createConnection(
      (logger: Logger) => createProtocolConnection(readerOf(input), new StreamMessageWriter(output), logger),
      watchDog,
    );
    serve(connection, options);
    input.on("close", () => watchDog.gone());
    input.on("end", () => watchDog.gone());
    signal.addEventListener("abort", () => watchDog.exit(ExitCode.interrupted));
    connection.listen();
  });
}

/**
 * After a header that it cannot read, the reader of the library waits for more input, even where the next message is
 * there: it goes on with the next piece of input, be it empty.
 */
function readerOf(input: Readable): StreamMessageReader {
  const reader = new StreamMessageReader(input);
  reader.onError(() => setImmediate(() => input.emit("data", Buffer.alloc(0))));
  return reader;
}

/** Whom the server works for. Resolves with the exit code once nobody is left. */
class Editor implements WatchDog {
  shutdownReceived = false;
  readonly #resolve: (code: number) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(resolve: (code: number) => void) {
    this.#resolve = resolve;
  }

  /** An editor that was killed may leave the stream open to others. */
  initialize({ processId }: { processId: number | null }): void {
    if (processId === null) return;
    this.#timer = setInterval(() => {
      if (!isAlive(processId)) this.gone();
    }, watchInterval).unref();
  }

  gone(): void {
    this.exit(this.shutdownReceived ? ExitCode.done : ExitCode.failed);
  }

  exit(code: number): void {
    clearInterval(this.#timer);
    this.#resolve(code);
  }
}

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
