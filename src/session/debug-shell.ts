import { Control, type Event } from "../../sandbox/protocol.ts";
import type { Container } from "../engine/engine.ts";
import type { Terminal } from "./interactive.ts";

/** Whose terminal a shell may take. */
export interface DebugShell {
  terminal: Terminal;
  /** $TERM. */
  terminalName: string | undefined;
  /** Takes the view of progress off the terminal. */
  endProgress: () => void;
}

type Asked = Extract<Event, { type: "debug-shell" }>;

/** Opens the shell that the worker asks for on the user's terminal, and tells the worker when it has ended. */
export async function openDebugShell(container: Container, asked: Asked, shell: DebugShell): Promise<void> {
  const { terminal, terminalName, endProgress } = shell;
  endProgress();
  terminal.stderr.write("A script has failed: this shell is where it ran. The build ends with the shell.\n");
  try {
    const environment = { ...asked.environment, ...(terminalName ? { TERM: terminalName } : {}) };
    await connect(terminal, await container.terminal(asked.command, environment));
  } finally {
    container.stdin.write(`${Control.resume}\n`);
  }
}

type Opened = Awaited<ReturnType<Container["terminal"]>>;

async function connect({ stdin, stdout }: Terminal, { stream, resize }: Opened): Promise<void> {
  const follow = () => void resize({ columns: stdout.columns ?? 80, rows: stdout.rows ?? 24 });
  stdout.on("resize", follow);
  stdin.setRawMode?.(true);
  stdin.pipe(stream, { end: false });
  follow();
  try {
    for await (const chunk of stream) stdout.write(chunk);
  } finally {
    stdin.unpipe(stream);
    // A flowing standard input keeps the process alive.
    stdin.pause();
    stdin.setRawMode?.(false);
    stdout.off("resize", follow);
    stream.end();
  }
}
