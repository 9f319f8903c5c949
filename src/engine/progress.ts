import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import * as z from "zod";

/** One line of the answer to a build, a pull or an import (Docker Engine API, ImageBuild and ImageCreate). */
const Message = z.object({
  stream: z.string().optional(),
  status: z.string().optional(),
  id: z.string().optional(),
  progress: z.string().optional(),
  error: z.string().optional(),
  errorDetail: z.object({ message: z.string().optional() }).optional(),
});

/** What an engine said before it gave up. */
export class ProgressError extends Error {
  override readonly name = "ProgressError";
  readonly lines: string[];

  constructor(message: string, lines: string[]) {
    super(message);
    this.lines = lines;
  }
}

const LINES_KEPT = 20;

/**
 * Reads such an answer to its end and hands on each line for people.
 * Throws ProgressError with the engine's message and its last lines.
 */
export async function readProgress(response: Readable, onLine?: (line: string) => void): Promise<void> {
  const lines: string[] = [];
  let unfinished = "";
  const say = (line: string) => {
    lines.push(line);
    if (lines.length > LINES_KEPT) lines.shift();
    onLine?.(line);
  };
  for await (const json of createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (json.trim() === "") continue;
    const message = Message.parse(JSON.parse(json));
    const error = message.errorDetail?.message ?? message.error;
    if (error !== undefined && error !== "") {
      if (unfinished !== "") say(unfinished);
      throw new ProgressError(error.trim(), lines);
    }
    if (message.status !== undefined) say(statusLine(message));
    // Tools' output comes in pieces that need not end where a line does.
    const pieces = (unfinished + (message.stream ?? "")).split(/\r?\n/);
    unfinished = pieces.pop() ?? "";
    for (const line of pieces) say(line);
  }
  if (unfinished !== "") say(unfinished);
}

function statusLine(message: z.infer<typeof Message>): string {
  const id = message.id === undefined ? "" : `${message.id}: `;
  return `${id}${message.status}${message.progress ? ` ${message.progress}` : ""}`;
}
