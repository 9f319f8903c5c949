import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { Event } from "../../sandbox/protocol.ts";

/** Calls `onLine` for every line of the stream, the unfinished last one too; settles at the stream's end. */
export async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of stream) {
    const lines = (rest + decoder.write(chunk as Buffer)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line.replace(/\r$/, ""));
  }
  rest += decoder.end();
  if (rest !== "") onLine(rest);
}

/** The event that a line of the worker holds; undefined where it is anything else, such as the message of a crash. */
export function decodeEvent(line: string): Event | undefined {
  if (!line.startsWith("{")) return undefined;
  const parsed = parseJson(line);
  const event = Event.safeParse(parsed);
  return event.success ? event.data : undefined;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
