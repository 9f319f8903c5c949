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

/**
 * Listens on QEMU's monitor (QMP) until QEMU is gone. Returns the last reason that it gave for stopping; undefined
 * where it gave none.
 */
export async function watchShutdown(path: string, ended: Promise<unknown>): Promise<Shutdown | undefined> {
  const socket = await connected(path, ended);
  if (!socket) return undefined;
  // QEMU sends events only after this command.
  socket.write(`${JSON.stringify({ execute: "qmp_capabilities" })}\n`);
  let shutdown: Shutdown | undefined;
  for await (const line of createInterface({ input: socket })) shutdown = parseShutdown(line) ?? shutdown;
  return shutdown;
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

/** Undefined where nobody listens yet. */
async function attempt(path: string): Promise<Socket | undefined> {
  const socket = connect(path);
  return new Promise((resolve, reject) => {
    socket.once("connect", () => resolve(socket));
    socket.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED" || error.code === "ENOENT") resolve(undefined);
      else reject(error);
    });
  });
}
