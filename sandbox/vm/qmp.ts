import { existsSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";

/** Why a machine stopped (QEMU: ShutdownCause in qapi/run-state.json), such as `guest-shutdown`. */
export interface Shutdown {
  guest: boolean;
  reason: string;
}

const ShutdownEvent = z.object({
  event: z.literal("SHUTDOWN"),
  data: z.object({ guest: z.boolean(), reason: z.string() }),
});
const StopEvent = z.object({ event: z.literal("STOP") });
const Stuck = z.object({ return: z.object({ status: z.literal("internal-error") }) });

/** The reason for a machine that its accelerator could not go on with; QEMU would keep it, stopped, for ever. */
export const INTERNAL_ERROR = "internal-error";

/**
 * Listens on QEMU's monitor (QMP) until QEMU is gone. Returns the last reason that it gave for stopping; undefined
 * where it gave none. A machine with an internal error is ended.
 */
export async function watchShutdown(path: string, ended: Promise<unknown>): Promise<Shutdown | undefined> {
  const socket = await connected(path, ended);
  if (!socket) return undefined;
  const execute = (command: string) => socket.write(`${JSON.stringify({ execute: command })}\n`);
  // QEMU sends events only after this command; and it may have stopped before it.
  for (const command of ["qmp_capabilities", "query-status"]) execute(command);
  let shutdown: Shutdown | undefined;
  let stuck = false;
  for await (const line of lines(socket)) {
    shutdown = parseShutdown(line) ?? shutdown;
    if (StopEvent.safeParse(JSON.parse(line)).success) execute("query-status");
    if (stuck || !isStuck(line)) continue;
    stuck = true;
    execute("quit");
  }
  return stuck ? { guest: false, reason: INTERNAL_ERROR } : shutdown;
}

/** Until QEMU is gone, which may be while it is being written to. */
async function* lines(socket: Socket): AsyncGenerator<string> {
  try {
    yield* createInterface({ input: socket });
  } catch (error) {
    if (!["ECONNRESET", "EPIPE"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  } finally {
    socket.destroy();
  }
}

/** Whether a line of QMP is an answer that says so. */
export function isStuck(line: string): boolean {
  return Stuck.safeParse(JSON.parse(line)).success;
}

/** The reason in a line of QMP; undefined for any other line. */
export function parseShutdown(line: string): Shutdown | undefined {
  return ShutdownEvent.safeParse(JSON.parse(line)).data?.data;
}

/** QEMU makes the socket some time after its start, or never. */
async function connected(path: string, ended: Promise<unknown>): Promise<Socket | undefined> {
  let gone = false;
  const end = () => {
    gone = true;
  };
  ended.then(end, end);
  while (!gone) {
    const socket = existsSync(path) ? await attempt(path) : undefined;
    if (socket) return socket;
    await delay(50);
  }
  return undefined;
}

/** What a connection says that nobody answers: not yet, or because QEMU has ended since it began to listen. */
const NOBODY = ["ECONNREFUSED", "ENOENT", "ECONNRESET", "EPIPE"];

/** Undefined where nobody is there. */
async function attempt(path: string): Promise<Socket | undefined> {
  const socket = connect(path);
  return new Promise((resolve, reject) => {
    socket.once("connect", () => resolve(socket));
    socket.once("error", (error: NodeJS.ErrnoException) => {
      if (NOBODY.includes(error.code ?? "")) resolve(undefined);
      else reject(error);
    });
  });
}
